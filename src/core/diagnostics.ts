import { inForce } from "./in_force.ts";
import type { CancelNode } from "./node.ts";
import { shared } from "./shared.ts";

/** What somebody waits for in this library, and since when. */
export interface Checkpoint {
  /** The wait in words: `sleep()`, `task "b"`. */
  readonly what: string;
  /** When it began, on the clock. */
  readonly at: number;
  /** The task or scope that is waited for, if it is one. */
  readonly on?: CancelNode | undefined;
  /** Where in the code, as lines of a stack. */
  readonly place?: string;
}

/** What is known of a task beyond its state; only while diagnostics are on. */
export interface Known {
  /** When it was created, on the clock. */
  readonly created: number;
  /** Where it was created, as lines of a stack. */
  readonly place: string;
  /** Where it waited last in this library, and since when. */
  checkpoint?: Checkpoint;
}

/** What the recorder has seen. */
export const known: WeakMap<object, Known> = /* @__PURE__ */ shared(
  "known",
  () => new WeakMap(),
);

/** Where the caller of the library stands, if diagnostics are on. */
export function placeOf(
  entry: unknown,
): { readonly place: string } | undefined {
  return inForce.recorder?.placeOf(entry);
}

/** Remembers where and when a task was created, if that was asked for. */
export function rememberCreation(task: object, entry: unknown): void {
  inForce.recorder?.creation(task, entry);
}

/**
 * Remembers that the task of `source` waits, if diagnostics are on.
 *
 * @param on The task or scope that it waits for, if it is one.
 */
export function rememberCheckpoint(
  source: CancelNode | AbortSignal | undefined,
  what: string,
  on?: CancelNode,
): void {
  inForce.recorder?.checkpoint(source, what, on);
}

/** What is known of a task. */
export function diagnosticsOf(task: object): Known | undefined {
  return known.get(task);
}
