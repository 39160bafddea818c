import { cancelArgument } from "./core/cancel_argument.ts";
import { fromArgument } from "./core/cancellation.ts";
import { currentNode } from "./core/current.ts";
import { liveTasks } from "./core/live_tasks.ts";
import { isWithin } from "./core/node.ts";
import { optionsOf } from "./core/options.ts";
import { quiet } from "./core/quiet.ts";
import { Sweep, type SweptTask } from "./core/sweep.ts";
import type { TaskNode } from "./core/task_node.ts";
import { duration, iterable } from "./core/validate.ts";
import type { CancelOrigin } from "./reason.ts";
import { type Task, taskNode } from "./task/task.ts";

/** Options of {@linkcode cleanupLingeringTasks}. */
export interface CleanupLingeringTasksOptions {
  /** How long to wait for all of them, in milliseconds. Default: 1000. */
  timeout?: number | undefined;
  /** Tasks to leave alone, with everything below and above them. */
  exclude?: Iterable<Task> | undefined;
  /** Why, as in `task.cancel()`. */
  reason?: string | Error | undefined;
}

/** What {@linkcode cleanupLingeringTasks} did. */
export interface CleanupReport {
  /** The tasks that ended in time by their cancellation. */
  readonly cancelled: readonly SweptTask[];
  /** The tasks that ended in time with a value: ready, or deaf to the request. */
  readonly completed: readonly SweptTask[];
  /** The tasks that threw in their cleanup. */
  readonly failed: readonly SweptTask[];
  /** The tasks that are still running, and since when they should not. */
  readonly stuck: readonly SweptTask[];
  /** The tasks that were left alone: excluded, current, ancestors of it. */
  readonly skipped: readonly CancelOrigin[];
}

function excluded(exclude: unknown): TaskNode<unknown>[] {
  if (exclude === undefined) return [];
  iterable(exclude, "use exclude", "tasks");
  return [...exclude as Iterable<Task>].map((task) =>
    taskNode(task, "exclude")
  );
}

/**
 * Cancels every task of this process that is still running, waits for their
 * end under one deadline, and tells what became of each: the last line of a
 * program, or of a test.
 *
 * - The current task and its ancestors are never touched.
 * - Tasks that start meanwhile are cancelled too, until it is quiet.
 * - It works in `finally`: the cancellation of the caller doesn't end the wait,
 *   except one without a limit (`Infinity`).
 *
 * @example
 * The end of a program
 * ```ts
 * import { cleanupLingeringTasks, createTask, sleep } from "@mdc/tasks";
 *
 * createTask(() => sleep(60_000), { name: "forgotten" });
 * const report = await cleanupLingeringTasks();
 * console.log(report.cancelled.map((task) => task.name)); // ["forgotten"]
 * console.log(report.stuck); // []
 * ```
 *
 * @param options How long to wait, whom to leave alone, and why.
 * @returns What became of each task. Rejects only without a limit, with the
 * cancellation of the caller.
 * @throws {TypeError} If an option has the wrong type.
 * @throws {RangeError} If the time is `NaN` or negative.
 */
export function cleanupLingeringTasks(
  options: CleanupLingeringTasksOptions = {},
): Promise<CleanupReport> {
  const { timeout = 1000, exclude, reason = "lingering" } = optionsOf<
    CleanupLingeringTasksOptions
  >(options, "cleanupLingeringTasks()", ["timeout", "exclude", "reason"]);
  const ms = duration(timeout, "timeout");
  const spared = excluded(exclude);
  const argument = cancelArgument(reason);
  const caller = currentNode();
  const skipped = new Map<TaskNode<unknown>, CancelOrigin>();

  const find = () =>
    liveTasks().filter((task) => {
      const keep = (caller !== undefined && isWithin(caller, task)) ||
        spared.some((other) => isWithin(other, task) || isWithin(task, other));
      if (keep) skipped.set(task, { name: task.name, id: task.id });
      return !keep;
    });
  const sweep = new Sweep(fromArgument(argument, caller?.origin, "shutdown"));
  const report = sweep.run(find, ms, caller).then((tasks) => {
    const of = (status: SweptTask["status"]) =>
      tasks.filter((task) => task.status === status);
    return {
      cancelled: of("cancelled"),
      completed: of("completed"),
      failed: of("failed"),
      stuck: of("stuck"),
      skipped: [...skipped.values()],
    };
  });
  return quiet(report);
}
