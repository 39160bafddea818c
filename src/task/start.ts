import { cancelTree, enterTree } from "../core/cancel_tree.ts";
import { currentNode, enter, followsAwait, runAt } from "../core/current.ts";
import { onEnd } from "../core/end.ts";
import { firstTask } from "../core/first_task.ts";
import { comesDown, follow } from "../core/follow.ts";
import {
  type CancelNode,
  DONE,
  isNode,
  type Place,
  root,
} from "../core/node.ts";
import { hangs, isScopeNode } from "../core/scope_node.ts";
import { type CancelSource, type Source, toSource } from "../core/source.ts";
import { isTaskNode, type Named, TaskNode } from "../core/task_node.ts";
import { flag, isThenable, optionalText, show } from "../core/validate.ts";
import { callerOf } from "../core/waiter.ts";
import { NodeContext, type TaskBody } from "./context.ts";

/** What decides on the place and the name of a new task. */
export interface StartOptions {
  name?: string | undefined;
  signal?: CancelSource | null | undefined;
  parent?: unknown;
  detached?: boolean | undefined;
}

/** The node behind a task, or a TypeError that shows what came instead. */
export function nodeOf(task: unknown, what: string): TaskNode<unknown> {
  if (isTaskNode(task)) return task;
  const hint = isThenable(task) ? "; Task.from() makes one of it" : "";
  throw new TypeError(
    `Cannot use ${what}: expected a Task, received ${show(task)}${hint}`,
  );
}

/** What a task, scope, group or context gives to hang a new task on. */
function parentNode(parent: unknown): CancelNode {
  const node = isNode(parent)
    ? parent
    : (parent as { "~node"?: unknown } | null)?.["~node"];
  if (isNode(node) && isPlaceOfCode(node)) return node;
  const hint = isThenable(parent) ? "; Task.from() makes one of it" : "";
  throw new TypeError(
    `Cannot use parent: expected a Task, a TaskContext, a CancelScope or a TaskGroup, received ${
      show(parent)
    }${hint}`,
  );
}

/** Whether tasks can lie in it: a task or a scope, no event or signal. */
function isPlaceOfCode(node: CancelNode): boolean {
  return isTaskNode(node) || isScopeNode(node);
}

function ownerOf(
  options: StartOptions,
  signal: Source | undefined,
): CancelNode {
  const { parent, detached = false } = options;
  flag(detached, "detached");
  if (parent === undefined) {
    if (detached) return root;
    return options.signal === undefined
      ? callerOf("createTask()") ?? root
      : currentNode() ?? (hangs(signal) ? signal : root);
  }
  if (detached) {
    throw new TypeError("Cannot create a task: both parent and detached given");
  }
  const node = parentNode(parent);
  if ((node.bits & DONE) !== 0) {
    const { name } = node as TaskNode<unknown>;
    throw new TypeError(
      `Cannot create a task: its parent "${name}" has ended`,
    );
  }
  return node;
}

/**
 * A task that never starts. As long as there is one, a collection that finds
 * no other leaves the shape of tasks alone, and with it the code optimised for
 * it: without, the next 100,000 tasks cost 1.6 times as much.
 */
let kept: object | undefined;

/** Makes a linked task whose body has not been started. */
export function prepare<T>(
  fallback: string | Named | undefined,
  options: StartOptions | undefined,
  owner?: CancelNode,
): TaskNode<T> {
  kept ??= firstTask();
  if (options === undefined) {
    const task = new TaskNode<T>(fallback);
    enterTree(owner ?? callerOf("createTask()") ?? root, task);
    return task;
  }
  const { name, signal } = options;
  optionalText(name, "name");
  const source = signal === undefined || signal === null
    ? undefined
    : toSource(signal, "the signal of createTask()");
  const to = owner ?? ownerOf(options, source);
  const task = new TaskNode<T>(name ?? fallback);
  enterTree(to, task);
  if (source !== undefined && source !== to) obey(task, source);
  return task;
}

/** Cancels `task` when `source` is cancelled, as long as the task runs. */
function obey(task: TaskNode<unknown>, source: CancelNode | AbortSignal): void {
  onEnd(
    task,
    follow(source, (record) => cancelTree(task, comesDown(source, record))),
  );
}

/** What is told how the body of a task ended: the task, or its place. */
interface Ending<T> {
  completed(value: T): void;
  threw(error: unknown): void;
}

/** The place of a task, which is told how the body ended. */
class TaskPlace<T> implements Place, Ending<T> {
  node: CancelNode | null;
  above: Place | null = null;

  constructor(task: TaskNode<T>) {
    this.node = task;
    task.place = this;
  }
  completed(value: T): void {
    (this.node as TaskNode<T>).completed(value);
  }
  threw(error: unknown): void {
    (this.node as TaskNode<T>).threw(error);
  }
}

/** Starts the body of a prepared task. */
export function start<T>(task: TaskNode<T>, body: TaskBody<T>): void {
  if (!followsAwait()) {
    return enter(task as CancelNode, begin<T>, task, task, body);
  }
  const place = new TaskPlace(task);
  runAt(place, begin<T>, task, place, body);
}

/**
 * Runs in the task's own context, reactions included: a reaction keeps the
 * context that it was made in, and the one around it would be one more.
 */
function begin<T>(
  task: TaskNode<T>,
  ending: Ending<T>,
  body: TaskBody<T>,
): void {
  let result: T | PromiseLike<T>;
  try {
    result = body(new NodeContext(task));
    if (result as unknown === task) throw task.waitsForItself();
  } catch (error) {
    result = Promise.reject(error);
  }
  task.promise = Promise.resolve(result);
  // First of all reactions: whoever awaits the task finds it ended. Bound
  // methods are smaller than two closures and what they close over.
  task.promise.then(ending.completed.bind(ending), ending.threw.bind(ending));
}
