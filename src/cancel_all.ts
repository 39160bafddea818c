import type { SweptTask } from "./core/sweep.ts";

/** Options of `tracker.cancelAll()`. */
export interface CancelAllOptions {
  /** Why, as in `task.cancel()`. */
  reason?: string | Error | undefined;
  /** How long to wait for all of them, in milliseconds. Default: 1000. */
  timeout?: number | undefined;
}

/** What `tracker.cancelAll()` did. */
export interface CancelAllReport {
  /** How many tasks ended in time without an error. */
  readonly succeeded: number;
  /**
   * How many are stuck or threw: in their cleanup, or earlier with nobody
   * looking.
   */
  readonly failed: number;
  /**
   * What became of each task: first those that failed earlier with nobody
   * looking, then those that were running, in the order they were added.
   */
  readonly tasks: readonly SweptTask[];
}
