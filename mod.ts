/**
 * Tasks that have an owner, can be cancelled, and never leak: events,
 * tracking, cancellation that propagates with its reason, progress, and
 * structured concurrency.
 *
 * @example
 * A task that is cancelled by an event
 * ```ts
 * import { AsyncEvent, createTask, waitForOutcome } from "@mdc/tasks";
 *
 * const stop = new AsyncEvent();
 * const task = createTask((context) => context.sleep(60_000));
 * setTimeout(() => stop.set(), 5);
 *
 * const outcome = await waitForOutcome(task, { cancelEvent: stop });
 * console.log(outcome.status); // "cancelled"
 * console.log(task.status); // "cancelled"
 * ```
 *
 * @module
 */

export {
  CancelledError,
  InvalidStateError,
  TimeoutError,
} from "./src/errors.ts";
export { isCancellation, rethrowCancellation } from "./src/is_cancellation.ts";
export { formatReason } from "./src/reason.ts";
export type { CancelKind, CancelOrigin, CancelReason } from "./src/reason.ts";
export type { CancelSource } from "./src/core/source.ts";

export { AsyncEvent } from "./src/event.ts";

export {
  allTasks,
  bindTask,
  createTask,
  currentTask,
  timeLeft,
} from "./src/task/create_task.ts";
export { Task } from "./src/task/task.ts";
export type {
  CancelParent,
  TaskConstructor,
  TaskFromOptions,
  TaskOptions,
} from "./src/task/task.ts";
export type { TaskBody, TaskContext } from "./src/task/context.ts";
export type { TaskOutcome, TaskStatus } from "./src/outcome.ts";
export { checkpoint } from "./src/waits/checkpoint.ts";
export { sleep } from "./src/waits/sleep.ts";
export { abortable } from "./src/waits/abortable.ts";
export type {
  AbortableOptions,
  AbortableSource,
  ContextAbortable,
  GraceOptions,
} from "./src/waits/abortable.ts";
export { once } from "./src/waits/once.ts";
export type {
  EmitterLike,
  OnceEventOptions,
  OnceOptions,
} from "./src/waits/once.ts";
export type { WaitOptions } from "./src/core/waiter.ts";
export { configure } from "./src/settings.ts";
export type {
  LostContext,
  Settings,
  UnobservedFailure,
} from "./src/settings.ts";
export { waitForOutcome, waitWithCancellation } from "./src/waits/wait.ts";
export type { WaitForOutcomeOptions, WaitOutcome } from "./src/waits/wait.ts";
export { cancelAndWait } from "./src/waits/cancel_and_wait.ts";
export type {
  CancelAndWaitOptions,
  CancelAndWaitOutcome,
} from "./src/waits/cancel_and_wait.ts";

export { TaskTracker } from "./src/tracker.ts";
export type { CancelAllOptions, CancelAllReport } from "./src/cancel_all.ts";
export { cleanupLingeringTasks } from "./src/cleanup.ts";
export type {
  CleanupLingeringTasksOptions,
  CleanupReport,
} from "./src/cleanup.ts";
export type { SweptTask } from "./src/core/sweep.ts";

export { propagateCancellation } from "./src/propagation/propagation.ts";
export type {
  Propagation,
  PropagationOutcome,
} from "./src/propagation/propagation.ts";

export { Progress } from "./src/progress/progress.ts";
export type {
  ProgressSnapshot,
  ProgressStatus,
  ProgressValues,
} from "./src/progress/progress_values.ts";
export { aggregateProgress } from "./src/progress/aggregate_progress.ts";
export { progressOf } from "./src/progress/progress_of.ts";
export type { ProgressSource } from "./src/progress/progress_of.ts";

export { currentTime } from "./src/current_time.ts";
export { CancelScope } from "./src/scope.ts";
export type { CancelScopeOptions } from "./src/scope.ts";
export type {
  FallbackOptions,
  ScopeBody,
  ScopeContext,
  ScopeControl,
} from "./src/scope_context.ts";
export { failAfter, failAt, moveOnAfter, moveOnAt } from "./src/timeouts.ts";
export { shield } from "./src/shield.ts";
export type { FailAfterOptions, MoveOnAfterOptions } from "./src/timeouts.ts";
export type { ShieldOptions } from "./src/shield.ts";
export { TaskGroup } from "./src/group/group.ts";
export type { GroupBody } from "./src/group/group.ts";
export type {
  Service,
  SpawnOptions,
  Started,
  StartOptions,
  TaskGroupOptions,
  TaskGroupRunOptions,
} from "./src/group/options.ts";
export { StuckError } from "./src/group/stuck_error.ts";
export { findError } from "./src/group/find_error.ts";
export type { ErrorClass } from "./src/group/find_error.ts";
export { errorLeaves, splitError } from "./src/group/error_groups.ts";
export type { SplitError } from "./src/group/error_groups.ts";
export { all } from "./src/combinators/all.ts";
export { allSettled } from "./src/combinators/all_settled.ts";
export { any } from "./src/combinators/any.ts";
export { asCompleted } from "./src/combinators/as_completed.ts";
export { race } from "./src/combinators/race.ts";
export type {
  CombineOptions,
  Competitor,
  CompetitorRecord,
  CompetitorResult,
} from "./src/combinators/competitors.ts";
export { map } from "./src/combinators/map.ts";
export type { MapOptions, MapSource } from "./src/combinators/map.ts";
export { run } from "./src/run/run.ts";
export type { RunContext } from "./src/run/context.ts";
export type { RunOptions } from "./src/run/options.ts";
export { formatSignal } from "./src/run/signal_notice.ts";
export type { SignalNotice } from "./src/run/signal_notice.ts";
export { formatStuck } from "./src/run/stuck.ts";
export type {
  StuckReport,
  StuckShield,
  StuckTarget,
  StuckTask,
} from "./src/run/stuck.ts";
export { formatAlive } from "./src/run/alive.ts";
export type { AliveReport } from "./src/run/alive.ts";
