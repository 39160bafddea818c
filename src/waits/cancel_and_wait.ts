import { now } from "../core/clock.ts";
import { currentNode } from "../core/current.ts";
import { optionsOf } from "../core/options.ts";
import { quiet } from "../core/quiet.ts";
import { duration } from "../core/validate.ts";
import { watch } from "../core/watch.ts";
import type { TaskOutcome } from "../outcome.ts";
import { type Task, taskNode } from "../task/task.ts";
import { refuseSelf } from "./wait.ts";

/** Options of {@linkcode cancelAndWait}. */
export interface CancelAndWaitOptions {
  /** Why, as in `task.cancel()`. */
  reason?: string | Error | undefined;
  /** How long to wait for the end, in milliseconds. Default: 1000. */
  timeout?: number | undefined;
}

/** How a task ended that was asked to stop, or that it didn't. */
export type CancelAndWaitOutcome<T> =
  & (TaskOutcome<T> | {
    /** It is still running: it ignores its cancellation, or is slow. */
    readonly status: "stuck";
  })
  & {
    /** How long the wait took, in milliseconds. */
    readonly elapsed: number;
  };

/**
 * Asks a task to stop and waits for its end, for a bounded time.
 *
 * This is a cleanup function: the cancellation of the caller doesn't end the
 * wait, its time does, so it works in `finally`. The caller's next checkpoint
 * sees it. Without a limit (`Infinity`) the caller's cancellation ends the wait.
 *
 * @example
 * Making sure that it is over
 * ```ts
 * import { cancelAndWait, createTask } from "@mdc/tasks";
 *
 * const task = createTask((context) => context.sleep(60_000));
 * const { status } = await cancelAndWait(task, { reason: "done here" });
 * console.log(status); // "cancelled"
 * ```
 *
 * @typeParam T What the task completes with.
 * @param task The task to stop.
 * @param options Why, and how long to wait.
 * @returns How it ended, or `"stuck"`. Rejects only without a limit, with the
 * cancellation of the caller.
 * @throws {TypeError} If `task` is no task, or an option has the wrong type.
 * @throws {RangeError} If the time is `NaN` or negative.
 * @throws {InvalidStateError} If a task would wait for itself.
 */
export function cancelAndWait<T>(
  task: Task<T>,
  options?: CancelAndWaitOptions,
): Promise<CancelAndWaitOutcome<T>> {
  const node = taskNode(task, "cancelAndWait()");
  const { reason, timeout = 1000 } = optionsOf<CancelAndWaitOptions>(
    options,
    "cancelAndWait()",
    ["reason", "timeout"],
  );
  const ms = duration(timeout, "timeout");
  refuseSelf(node);
  const started = now();
  task.cancel(reason);
  // Only a wait without a limit needs the caller's cancellation to end it.
  const waiter = ms === Infinity ? currentNode() : undefined;
  return quiet(
    watch({ task: node, ms, waiter, looks: true }).then(({ by }) => {
      const elapsed = now() - started;
      return by === "settled"
        ? { ...task.outcome(), elapsed }
        : { status: "stuck", elapsed };
    }),
  );
}
