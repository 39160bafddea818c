import type { CancelReason } from "./reason.ts";

/**
 * What state a task is in. `"running"` and `"cancelling"` are live; the other
 * three are final.
 */
export type TaskStatus =
  | "running"
  | "cancelling"
  | "completed"
  | "failed"
  | "cancelled";

/** How a task ended. */
export type TaskOutcome<T> =
  | {
    /** The body returned. */
    readonly status: "completed";
    /** What it returned. */
    readonly value: T;
  }
  | {
    /** The body threw something that is no cancellation of this task. */
    readonly status: "failed";
    /** What it threw. */
    readonly error: unknown;
  }
  | {
    /** The body ended by cancellation. */
    readonly status: "cancelled";
    /** Who asked for it, and why. */
    readonly reason: CancelReason;
  };
