/**
 * What a page runs. The other files of tests need a process, files, or a
 * current task throughout; tests/browser says what holds in place of the last.
 */
const FILES: readonly string[] = [
  "abortable_test.ts",
  "aggregate_progress_test.ts",
  "browser/no_task_context_test.ts",
  "checkpoint_test.ts",
  "error_groups_test.ts",
  "event_any_test.ts",
  "event_signal_test.ts",
  "event_test.ts",
  "explicit_mode_test.ts",
  "options_test.ts",
  "progress_observers_test.ts",
  "progress_test.ts",
  "propagation_cycles_test.ts",
  "propagation_link_test.ts",
  "propagation_sources_test.ts",
  "propagation_test.ts",
  "reason_test.ts",
  "settings_test.ts",
  "source_test.ts",
  "task_from_test.ts",
  "task_progress_test.ts",
];

/** What keeps a test of these files from running in a page. */
type Obstacle = "needs a current task" | "other stack of calls";

/** The tests of these files that a page doesn't run. */
export const obstacles: Readonly<Record<string, Obstacle>> = {
  "abortable() uses the current task when no signal is given":
    "needs a current task",
  "abortable() arms no timer": "needs a current task",
  "without task context: a call that has lost its context is told with its place, ten times":
    "other stack of calls",
  "checkpoint() lets the cancellation of a busy loop through":
    "needs a current task",
  "checkpoint() uses the current task when no signal is given":
    "needs a current task",
  "event.wait() in a loop sees each pulse once": "needs a current task",
  "event.wait() uses the current task when no signal is given":
    "needs a current task",
  "event.signal names the task that set the event, never its reader":
    "needs a current task",
  "Progress iteration ends with the cancellation of its task":
    "needs a current task",
  "Progress iteration ends when its task was cancelled before":
    "needs a current task",
  "context.progress is final when the task is cancelled":
    "needs a current task",
  // The page nests the events of 1,000 controllers on a smaller stack.
  "propagateCancellation() passes on down a chain of 1,000 controllers in one go":
    "other stack of calls",
  "propagateCancellation() never goes up": "needs a current task",
  "propagateCancellation() carries the reason as a chain":
    "needs a current task",
  "propagateCancellation() carries a foreign error by identity through every kind":
    "needs a current task",
  "propagateCancellation() refuses to go from a task to itself or an ancestor":
    "needs a current task",
  "propagateCancellation() outlives a child that takes long to end":
    "needs a current task",
  "task.reason tells who asked, why and when": "needs a current task",
  "configure() without taskContext hides the current task at once":
    "needs a current task",
  "configure() with creationSites makes failures know their place":
    "other stack of calls",
  "Task.from() belongs to the current task": "needs a current task",
};

/** The files of tests that run in a page. */
export function browserTests(): string[] {
  return FILES.map((name) => `tests/${name}`);
}
