/** Random programs: where a piece of code stands, and whose a request is. */
import {
  CancelledError,
  type CancelReason,
  type Task,
  type TaskContext,
} from "../mod.ts";
import { onAbort } from "./_probes.ts";
import type { ReasonKind } from "./_trees_steps.ts";

/** A task or a scope around a piece of code, the innermost first. */
export interface Level {
  readonly signal: AbortSignal;
  readonly shield: boolean;
  readonly up: Level | undefined;
}

/** Where a piece of code stands. */
export interface Code {
  readonly context: TaskContext;
  /** The contexts that it may use, the innermost first. */
  readonly contexts: readonly TaskContext[];
  readonly level: Level;
  /** The task whose code it is; unknown while its body first runs. */
  readonly task: () => Task | undefined;
  /** When the nearest limit ends; `undefined` if that can't be said. */
  readonly deadline: number | undefined;
  /** Whether nothing was awaited yet in any body around it. */
  readonly fresh: () => boolean;
}

/** What sets a task apart from others. */
export interface More {
  contexts?: readonly TaskContext[];
  /** Whether nobody waits for its end. */
  outlives?: boolean;
  /** Whether a cancellation outside doesn't reach it. */
  shield?: boolean;
}

/** The earlier of two deadlines, if both are known. */
export function nearest(
  a: number | undefined,
  b: number | undefined,
): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.min(a, b);
}

/** Whose request an error is: itself, or the root of its reasons. */
export function requestBehind(error: unknown): unknown {
  if (!(error instanceof CancelledError)) return error;
  let at: CancelReason = error.reason;
  while (at.cause !== undefined) at = at.cause;
  return at;
}

/**
 * Whether an error says nothing of its origin: it counts as the cancellation
 * of whatever is cancelled when somebody looks.
 */
export function isNameless(error: unknown): boolean {
  return !(error instanceof CancelledError) &&
    (error as Error).name === "AbortError";
}

/** Whether an error is a cancellation that was asked of this code. */
export function wasAsked(error: unknown, level: Level): boolean {
  const request = requestBehind(error);
  const nameless = isNameless(error);
  let reaches = true;
  for (let at: Level | undefined = level; at !== undefined; at = at.up) {
    const { aborted, reason } = at.signal;
    if (aborted && requestBehind(reason) === request) return true;
    if (aborted && nameless && reaches) return true;
    if (at.shield) reaches = false;
  }
  return false;
}

/** When a signal aborts, on the clock; it is asked as it is. */
export function abortTime(
  signal: AbortSignal,
  now: () => number,
): { at: number } {
  const time = { at: signal.aborted ? -Infinity : Infinity };
  onAbort(signal, () => time.at = Math.min(time.at, now()));
  return time;
}

class Gone extends Error {}

let count = 0;

/** A reason for `cancel()`, each time another. */
export function reasonFor(kind: ReasonKind): string | Error | undefined {
  const name = `reason ${++count}`;
  if (kind === "none") return undefined;
  if (kind === "error") return new Error(name);
  return kind === "subclass" ? new Gone(name) : name;
}

/** Aborts a foreign controller with what only a controller takes, too. */
export function abortWith(controller: AbortController, kind: ReasonKind): void {
  if (kind === "abort" || kind === "none") return controller.abort();
  if (kind === "abort object") return controller.abort({ code: ++count });
  controller.abort(reasonFor(kind));
}
