import { onChild, ownTasks } from "../core/children.ts";
import { onEnd } from "../core/end.ts";
import { type CancelNode, nodeBehind } from "../core/node.ts";
import { isTaskNode, type TaskNode } from "../core/task_node.ts";
import { unexpected } from "../core/validate.ts";
import type { Task } from "../task/task.ts";
import { Progress } from "./progress.ts";
import { ProgressSum } from "./progress_sum.ts";
import { progressFor } from "./task_progress.ts";

/**
 * What has a progress: a task, a group (the sum over its children), and
 * whatever carries one as `progress`, like a tracker or a context.
 */
export type ProgressSource =
  | Task
  | { readonly progress: Progress }
  | {
    /** Internal: the place of the group in the tree. */
    readonly "~node": object;
    /** Waits for the children. */
    join(): Promise<void>;
  };

/** The sums over the children of groups that somebody asked for. */
const sums = new WeakMap<CancelNode, ProgressSum>();

function groupProgress(node: CancelNode): Progress {
  let sum = sums.get(node);
  if (sum === undefined) {
    const made = sum = new ProgressSum();
    sums.set(node, made);
    const add = (task: TaskNode<unknown>) => made.add(progressFor(task));
    ownTasks(node).forEach(add);
    onChild(node, add);
    onEnd(node, () => made.seal());
  }
  return sum.whole;
}

/** The progress of whatever has one, or a TypeError. */
export function toProgress(
  value: unknown,
  action: string,
  expected = "a task, a group or a tracker",
): Progress {
  const node = nodeBehind(value);
  if (isTaskNode(node)) return progressFor(node);
  if (node?.passes === "group") return groupProgress(node);
  const progress = (value as { progress?: unknown } | undefined)?.progress;
  if (progress instanceof Progress) return progress;
  throw unexpected(action, expected, value);
}

/**
 * The progress of a task, seen from outside: what its body knows as
 * `context.progress`. That of a group is the sum over its children: those that
 * run when it is first asked for, and those that come later.
 *
 * @example
 * Watching a task
 * ```ts
 * import { createTask, progressOf } from "@mdc/tasks";
 *
 * const task = createTask(async ({ progress }) => {
 *   progress.update({ total: 2, completed: 2 });
 * });
 * await task;
 * console.log(progressOf(task).fraction); // 1
 * console.log(progressOf(task).status); // "completed"
 * ```
 *
 * @param source The task, the group or the tracker.
 * @returns Its progress; final when the task or the group ends.
 * @throws {TypeError} If it is none of them.
 */
export function progressOf(source: ProgressSource): Progress {
  return toProgress(source, "use progressOf()");
}
