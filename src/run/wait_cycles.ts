import { diagnosticsOf } from "../core/diagnostics.ts";
import { type CancelNode, DONE } from "../core/node.ts";
import { isScopeNode, type ScopeNode } from "../core/scope_node.ts";
import { isTaskNode, type TaskNode } from "../core/task_node.ts";

type Task = TaskNode<unknown>;

/** What hangs directly on a node, in order of creation. */
function childrenOf(node: CancelNode): CancelNode[] {
  const found: CancelNode[] = [];
  const first = node.head;
  let child = first;
  while (child !== null) {
    found.push(child);
    child = child.next === first ? null : child.next;
  }
  return found;
}

/** The scopes that a task has entered and not left, the outermost first. */
export function scopesOf(task: CancelNode): ScopeNode[] {
  const found: ScopeNode[] = [];
  const rest = childrenOf(task);
  for (let node = rest.shift(); node !== undefined; node = rest.shift()) {
    if (!isScopeNode(node)) continue;
    found.push(node);
    rest.push(...childrenOf(node));
  }
  return found;
}

/** The tasks that belong to a scope, also by way of scopes within it. */
function tasksIn(scope: ScopeNode): Task[] {
  return [scope, ...scopesOf(scope)].flatMap(childrenOf).filter(isTaskNode);
}

/** What a task waits for in this library, if that still runs. */
export function waitedFor(task: Task): CancelNode | undefined {
  const on = diagnosticsOf(task)?.checkpoint?.on;
  return on === undefined || (on.bits & DONE) !== 0 ? undefined : on;
}

/**
 * The tasks that have to end before `task` can: the one that it awaits, and
 * those of the groups that it has entered, which it can't leave before them.
 */
function mustEndBefore(task: Task, on: CancelNode | undefined): Task[] {
  const groups = scopesOf(task).filter(({ passes }) => passes === "group");
  const scopes = isScopeNode(on) ? [on, ...groups] : groups;
  const tasks = scopes.flatMap(tasksIn);
  return isTaskNode(on) ? [on, ...tasks] : tasks;
}

/**
 * Tasks that wait for each other in a circle; each circle is told once.
 *
 * @param on What a task waits for, as far as the caller knows.
 */
export function waitCycles(
  tasks: readonly Task[],
  on: (task: Task) => CancelNode | undefined = waitedFor,
): Task[][] {
  const cycles: Task[][] = [];
  const finished = new Set<Task>();
  for (const start of tasks) {
    // Depth first, without recursion: the path, and what is left of each step.
    const path: { task: Task; rest: Task[] }[] = [];
    const enter = (task: Task) => {
      const at = path.findIndex((step) => step.task === task);
      if (at >= 0) cycles.push(path.slice(at).map((step) => step.task));
      else if (!finished.has(task)) {
        path.push({ task, rest: mustEndBefore(task, on(task)) });
      }
    };
    enter(start);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const next = step.rest.shift();
      if (next !== undefined) {
        enter(next);
        continue;
      }
      finished.add(step.task);
      path.pop();
    }
  }
  return cycles;
}
