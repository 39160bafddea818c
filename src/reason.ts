/** Where a cancellation came from. */
export type CancelKind =
  | "explicit"
  | "event"
  | "timeout"
  | "parent"
  | "group"
  | "shutdown"
  | "signal";

/** The task that a reason speaks of. */
export interface CancelOrigin {
  /** The task's name. */
  readonly name: string;
  /** The task's id. */
  readonly id: number;
}

/**
 * Why something was cancelled: who asked, why, when, and through which
 * parents the request came.
 *
 * A reason is a plain value. The first reason of a cancellation wins; later
 * requests don't change it.
 *
 * @example
 * Reading a chain of reasons
 * ```ts
 * import { type CancelReason, createTask, sleep } from "@mdc/tasks";
 *
 * let child;
 * const parent = createTask(async () => {
 *   child = createTask(() => sleep(60_000), { name: "child" });
 *   await child;
 * }, { name: "parent" });
 * parent.cancel("user pressed stop");
 * await parent.catch(() => {});
 *
 * const reason: CancelReason = child!.reason!;
 * console.log(reason.kind); // "parent"
 * console.log(reason.source?.name); // "parent"
 * console.log(reason.cause?.kind); // "explicit"
 * console.log(reason.message); // "user pressed stop"
 * ```
 */
export interface CancelReason {
  /** What kind of source asked. */
  readonly kind: CancelKind;
  /**
   * The words of whoever asked, if there were any. They come down with the
   * cancellation: every reason of a chain has them.
   */
  readonly message?: string;
  /**
   * The task that asked: the caller of `cancel()`, or the owner through which
   * the cancellation came down. Absent when it was asked outside of any task.
   */
  readonly source?: CancelOrigin;
  /** When it was asked, in milliseconds since the epoch. */
  readonly at: number;
  /**
   * Where it was asked for, as lines of a stack. Only known with
   * `configure({ creationSites: true })`.
   */
  readonly place?: string;
  /** The reason that this one came from, one owner further up. */
  readonly cause?: CancelReason;
}

const PHRASES: Readonly<Record<CancelKind, string>> = {
  explicit: "cancelled",
  event: "cancelled by an event",
  timeout: "timed out",
  parent: "cancelled with its parent",
  group: "cancelled with its group",
  shutdown: "cancelled by shutdown",
  signal: "cancelled by a signal of the operating system",
};

/** What names the task that a reason came from; else it came through it. */
const BY: Readonly<Partial<Record<CancelKind, string>>> = {
  parent: "",
  group: "",
  event: ", set by task",
};

function phrase({ kind, source }: CancelReason): string {
  const by = source && `${BY[kind] ?? " by task"} "${source.name}"`;
  return PHRASES[kind] + (by ?? "");
}

/**
 * The links of a reason, the nearest first. A chain that a user made may lead
 * back into itself: one that comes again ends it.
 */
export function linksOf(reason: CancelReason): CancelReason[] {
  const links = new Set([reason]);
  let { cause } = reason;
  // An error from outside may give anything as its cause.
  while (cause?.kind && !links.has(cause)) {
    links.add(cause);
    cause = cause.cause;
  }
  return [...links];
}

/** The nearest link of the chain in words, with the message that came down. */
export function describeReason(reason: CancelReason): string {
  const { message } = reason;
  return phrase(reason) + (message === undefined ? "" : `: ${message}`);
}

/**
 * Writes a reason and all that it came from in one line, the nearest first.
 *
 * @example
 * A chain in words
 * ```ts
 * import { formatReason } from "@mdc/tasks";
 *
 * const text = formatReason({
 *   kind: "parent",
 *   source: { name: "server", id: 1 },
 *   at: 0,
 *   cause: { kind: "explicit", message: "maintenance", at: 0 },
 * });
 * console.log(text);
 * // 'cancelled with its parent "server" <- cancelled: maintenance'
 * ```
 *
 * @param reason The reason to describe.
 * @returns The chain, joined by `<-`.
 */
export function formatReason(reason: CancelReason): string {
  const links = linksOf(reason);
  const root = describeReason(links.pop() as CancelReason);
  return [...links.map(phrase), root].join(" <- ");
}
