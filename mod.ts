/**
 * Tasks that have an owner, can be cancelled, and never leak: events,
 * tracking, cancellation that propagates with its reason, progress, and
 * structured concurrency.
 *
 * @example A task that is cancelled by an event
 * ```ts
 * import { AsyncEvent, createTask, waitForOutcome } from "@mdc/tasks";
 * import { assertEquals } from "@std/assert";
 *
 * const stop = new AsyncEvent();
 * const task = createTask((context) => context.sleep(60_000));
 * setTimeout(() => stop.set(), 5);
 *
 * const outcome = await waitForOutcome(task, { cancelEvent: stop });
 * assertEquals(outcome.status, "cancelled");
 * assertEquals(task.status, "cancelled");
 * ```
 *
 * @module
 */

export {
  CancelledError,
  InvalidStateError,
  TimeoutError,
} from "./src/errors.ts";
export { isCancellation, rethrowCancellation } from "./src/errors.ts";
export { formatReason } from "./src/reason.ts";
export type { CancelKind, CancelOrigin, CancelReason } from "./src/reason.ts";
export type { CancelSource } from "./src/source.ts";

export { AsyncEvent } from "./src/event.ts";

export { allTasks, createTask, currentTask } from "./src/create_task.ts";
export { Task } from "./src/task.ts";
export type {
  TaskConstructor,
  TaskFromOptions,
  TaskOptions,
} from "./src/task.ts";
export type { TaskBody, TaskContext } from "./src/context.ts";
export type { TaskOutcome, TaskStatus } from "./src/outcome.ts";
export { checkpoint } from "./src/checkpoint.ts";
export { sleep } from "./src/sleep.ts";
export { abortable } from "./src/abortable.ts";
export type { WaitOptions } from "./src/_wait.ts";
export { configure } from "./src/settings.ts";
export type { Settings, UnobservedFailure } from "./src/settings.ts";
export { waitForOutcome, waitWithCancellation } from "./src/wait.ts";
export type { WaitForTaskOptions, WaitOutcome } from "./src/wait.ts";
export { cancelAndWait } from "./src/cancel_and_wait.ts";
export type {
  CancelAndWaitOptions,
  CancelAndWaitOutcome,
} from "./src/cancel_and_wait.ts";

export { TaskTracker } from "./src/tracker.ts";
export type { CancelAllOptions, CancelAllReport } from "./src/cancel_all.ts";
export { cleanupLingeringTasks } from "./src/cleanup.ts";
export type { CleanupOptions, CleanupReport } from "./src/cleanup.ts";
export type { SweptTask } from "./src/_sweep.ts";

export { propagateCancellation } from "./src/propagation.ts";
export type { Propagation, PropagationOutcome } from "./src/propagation.ts";

export { Progress } from "./src/progress.ts";
export type {
  ProgressSnapshot,
  ProgressStatus,
  ProgressValues,
} from "./src/progress_values.ts";
export { aggregateProgress, progressOf } from "./src/aggregate_progress.ts";

export { currentTime } from "./src/current_time.ts";
export { CancelScope } from "./src/scope.ts";
export type { CancelScopeOptions, ScopeBody } from "./src/scope.ts";
export { failAfter, failAt, moveOnAfter, moveOnAt } from "./src/timeouts.ts";
export { shield } from "./src/shield.ts";
export type { ShieldOptions } from "./src/shield.ts";
export { TaskGroup } from "./src/group.ts";
export type { SpawnOptions, TaskGroupOptions } from "./src/group.ts";
export { errorLeaves, splitError } from "./src/error_groups.ts";
export type { SplitError } from "./src/error_groups.ts";
export { all, allSettled, any, asCompleted, race } from "./src/combinators.ts";
export type { Competitor, CompetitorResult } from "./src/combinators.ts";
export { map } from "./src/map.ts";
export type { MapOptions } from "./src/map.ts";
export { run } from "./src/run.ts";
export type { RunContext, RunOptions } from "./src/run.ts";
export { formatStuck } from "./src/stuck.ts";
export type { StuckReport, StuckTask } from "./src/stuck.ts";
