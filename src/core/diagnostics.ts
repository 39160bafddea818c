import { settings } from "../settings.ts";
import { clock } from "./clock.ts";
import { type CancelNode, isNode } from "./node.ts";
import { observed, type ObservedWait } from "./observed.ts";
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

const known: WeakMap<object, Known> = /* @__PURE__ */ shared(
  "known",
  () => new WeakMap(),
);

/** The user's lines of a stack. */
function usersLines(stack: string): string {
  const lines = stack.split("\n").filter((line) => /^\s*at /.test(line));
  // The folder of the library, whose own frames nobody wants to read. In a
  // bundle it is unknown: that file holds the user's frames as well.
  const here = /^(.*\/)core\/diagnostics\.[jt]s/.exec(import.meta.url)?.[1];
  const users = lines.filter((line) =>
    !(here !== undefined && line.includes(here)) &&
    !line.includes("AsyncLocalStorage.run")
  );
  return (users.length === 0 ? lines : users).join("\n");
}

/** A place in the code, captured now and written out when somebody reads it. */
class Place {
  readonly #holder: { stack?: string } = {};
  #lines: string | undefined;

  constructor(entry: unknown) {
    const capture = (Error as {
      captureStackTrace?: (target: object, above: unknown) => void;
    }).captureStackTrace;
    if (capture === undefined) this.#holder.stack = new Error().stack ?? "";
    else capture(this.#holder, entry);
  }
  get place(): string {
    return this.#lines ??= usersLines(this.#holder.stack ?? "");
  }
}

class Creation extends Place implements Known {
  readonly created: number = clock.now();
  checkpoint?: Checkpoint;
}

class Waiting extends Place implements Checkpoint {
  readonly at: number = clock.now();
  readonly what: string;
  readonly on: CancelNode | undefined;
  constructor(what: string, on: CancelNode | undefined) {
    super(Waiting);
    this.what = what;
    this.on = on;
  }
}

/** Whether anybody wants to know who waits for what. */
export function isObserved(): boolean {
  return settings.creationSites || observed.by !== undefined;
}

/** Where the caller of the library stands, if diagnostics are on. */
export function placeOf(
  entry: unknown,
): { readonly place: string } | undefined {
  return settings.creationSites ? new Place(entry) : undefined;
}

/** Remembers where and when a task was created, if that was asked for. */
export function rememberCreation(task: object, entry: unknown): void {
  if (settings.creationSites) known.set(task, new Creation(entry));
}

/**
 * Remembers that the task of `source` waits, if diagnostics are on, and tells
 * it to those who observe.
 *
 * @param on The task or scope that it waits for, if it is one.
 * @returns What has to be called when the wait is over, if somebody observes.
 */
export function rememberCheckpoint(
  source: CancelNode | AbortSignal | undefined,
  what: string,
  on?: CancelNode,
): (() => void) | undefined {
  if (!isObserved() || !isNode(source)) return undefined;
  if (settings.creationSites) {
    const task = source.origin;
    const entry = task === undefined ? undefined : known.get(task);
    if (entry !== undefined) entry.checkpoint = new Waiting(what, on);
  }
  const { by } = observed;
  if (by === undefined) return undefined;
  const wait: ObservedWait = { what, on, by: source };
  by.waiting(wait);
  // Whoever observes then may be another, who doesn't know the wait.
  return () => observed.by?.resumed(wait);
}

/**
 * The same for a wait whose promise rejects with nothing but a cancellation
 * that is handled already: to look when it settles hides no failure.
 */
export function rememberWait<T>(
  promise: Promise<T>,
  source: CancelNode | AbortSignal | undefined,
  what: string,
  on?: CancelNode,
): Promise<T> {
  const over = rememberCheckpoint(source, what, on);
  if (over !== undefined) promise.then(over, over);
  return promise;
}

/** What is known of a task. */
export function diagnosticsOf(task: object): Known | undefined {
  return known.get(task);
}
