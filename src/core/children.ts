import { type CancelNode, childrenOf } from "./node.ts";
import { isTaskNode, type TaskNode } from "./task_node.ts";

type Added = (task: TaskNode<unknown>) => void;

/** Who wants to know of the further children of a group. */
const followers = new WeakMap<CancelNode, Added>();

/** The tasks that a group owns, and not those that only run in its body. */
export function ownTasks(group: CancelNode): TaskNode<unknown>[] {
  return childrenOf(group).filter(isTaskNode)
    .filter(({ owner }) => owner !== null);
}

/** Calls `added` with each task that is added to a group from now on. */
export function onChild(group: CancelNode, added: Added): void {
  followers.set(group, added);
}

/** Tells who asked for it of a new child. */
export function childAdded(group: CancelNode, task: TaskNode<unknown>): void {
  followers.get(group)?.(task);
}
