/**
 * What runs in this process, and what happens to it: the tree of tasks with
 * their owners, ages, reasons and waits, and a subscription to every start,
 * wait, cancellation and end.
 *
 * @example
 * What runs now
 * ```ts
 * import { createTask, sleep } from "@mdc/tasks";
 * import { formatTaskTree, taskTree } from "@mdc/tasks/trace";
 *
 * const task = createTask(() => sleep(60_000), { name: "poller" });
 * console.log(formatTaskTree(taskTree()).includes("poller")); // true
 * task.cancel();
 * ```
 *
 * @module
 */

export { subscribe } from "./src/trace/subscribe.ts";
export type { TraceSubscription } from "./src/trace/subscribe.ts";
export type {
  CancellingEvent,
  EndedEvent,
  StartedEvent,
  TraceEvent,
  TraceKind,
  TraceObserver,
  WaitEvent,
  WaitKind,
  WaitTarget,
} from "./src/trace/events.ts";
export { taskTree } from "./src/trace/task_tree.ts";
export type {
  TaskTree,
  TaskTreeNode,
  TreeWait,
} from "./src/trace/task_tree.ts";
export { formatTaskTree } from "./src/trace/format_task_tree.ts";
export type {
  FormatTaskTreeOptions,
  TaskTreeFormat,
} from "./src/trace/format_task_tree.ts";
export { printTasksOn } from "./src/trace/print_tasks_on.ts";
export type { PrintTasksOptions } from "./src/trace/print_tasks_on.ts";
export { printable } from "./src/trace/printable.ts";
