import type { TaskStatus } from "../outcome.ts";
import type { CancelReason } from "../reason.ts";

/** What a node of the tree is. */
export type TraceKind = "task" | "scope" | "group";

/** What a wait is for. */
export type WaitKind =
  | "timer"
  | "event"
  | "task"
  | "group"
  | "promise"
  | "turn"
  | "item";

/** What somebody waits for. */
export interface WaitTarget {
  /**
   * `timer` for `sleep()`, `event` for an `AsyncEvent` or `once()`, `task` and
   * `group` for their end, `promise` for what `abortable()` was given, `turn`
   * for `checkpoint()`, `item` for the next item of `map()`.
   */
  readonly kind: WaitKind;
  /** The wait in words: `sleep()`, `task "b"`. */
  readonly what: string;
  /** The id of the task or group, if it is one. */
  readonly id?: string;
}

/** What all events of a node tell. */
export interface TraceEvent {
  /**
   * Unique in the process, for tasks, scopes and groups alike. That of a task
   * is its `id` as text.
   */
  readonly id: string;
  /** What the node is. */
  readonly kind: TraceKind;
  /** Its name. Tasks of `map()` get theirs with their item. */
  readonly name: string;
  /** When it happened, in milliseconds, on the clock of `currentTime()`. */
  readonly at: number;
}

/** A task, scope or group was put into the tree. */
export interface StartedEvent extends TraceEvent {
  /** The id of what it belongs to; absent for what belongs to nobody. */
  readonly owner?: string;
  /**
   * Whether it was there before the subscription: then `at` is when it was
   * created if that is known, else when the subscription was made.
   */
  readonly earlier: boolean;
  /**
   * Whether cancellation from outside stops here, as it started: the scope of
   * a `shield()`.
   */
  readonly shielded: boolean;
  /** Where it was created, as lines of a stack; with creation sites on. */
  readonly place: string | undefined;
}

/** A task began or ended a wait in this library. */
export interface WaitEvent extends TraceEvent {
  /** The same number for the beginning and the end of one wait. */
  readonly wait: number;
  /** What it waits for. */
  readonly for: WaitTarget;
}

/** A cancellation reached a node: one event for each node that it reached. */
export interface CancellingEvent extends TraceEvent {
  /** Who asked and why, with the way it came. */
  readonly reason: CancelReason;
}

/** A node has ended. */
export interface EndedEvent extends TraceEvent {
  /** How: a scope is `cancelled` if it was, and else `completed`. */
  readonly status: Extract<TaskStatus, "completed" | "failed" | "cancelled">;
  /** What a task failed with. */
  readonly error?: unknown;
  /** Why it was cancelled, if it was asked to be. */
  readonly reason?: CancelReason;
}

/**
 * Who is told what happens. All methods are optional, and all are called
 * synchronously, in the order of what happens: keep them short. What they
 * throw reaches no task; it is told on the console, once an observer. What
 * happens because of them is told after what they were told.
 */
export interface TraceObserver {
  /** Something was started, before the first line of its body. */
  started?(event: StartedEvent): void;
  /** A task waits in this library. A bare `await` of a promise isn't seen. */
  waiting?(event: WaitEvent): void;
  /** The wait is over, one way or another. */
  resumed?(event: WaitEvent): void;
  /** A cancellation has come. */
  cancelling?(event: CancellingEvent): void;
  /** Something has ended. */
  ended?(event: EndedEvent): void;
}
