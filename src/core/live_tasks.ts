import { type CancelNode, root } from "./node.ts";
import { isTaskNode, type TaskNode } from "./task_node.ts";

/** The tasks that run, each before its children, in order of creation. */
export function liveTasks(from: CancelNode = root): TaskNode<unknown>[] {
  const found: TaskNode<unknown>[] = [];
  const stack: CancelNode[] = [from];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isTaskNode(node)) found.push(node);
    const head = node.head;
    if (head === null) continue;
    let child = head.prev as CancelNode;
    for (; child !== head; child = child.prev as CancelNode) stack.push(child);
    stack.push(head);
  }
  return found;
}
