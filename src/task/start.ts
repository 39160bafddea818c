import { cancelTree, enterTree } from "../core/cancel_tree.ts";
import { currentNode, enter, followsAwait, runAt } from "../core/current.ts";
import { onEnd } from "../core/end.ts";
import { comesDown, follow } from "../core/follow.ts";
import { sourceOption } from "../core/hang.ts";
import {
  type CancelNode,
  DONE,
  nodeBehind,
  type Place,
  root,
} from "../core/node.ts";
import { hangs } from "../core/scope_node.ts";
import type { CancelSource, Source } from "../core/source.ts";
import { census } from "../core/shared.ts";
import { isTaskNode, type Named, TaskNode } from "../core/task_node.ts";
import {
  flag,
  isThenable,
  optionalText,
  unexpected,
} from "../core/validate.ts";
import { callerOf } from "../core/waiter.ts";
import { NodeContext, type TaskBody } from "./context.ts";

/** What decides on the place and the name of a new task. */
export interface StartOptions {
  name?: string | undefined;
  signal?: CancelSource | null | undefined;
  parent?: unknown;
  detached?: boolean | undefined;
}

/** What is told of something that is no task, with what makes one of it. */
function noTask(what: string, expected: string, value: unknown): Error {
  const error = unexpected(`use ${what}`, expected, value);
  if (isThenable(value)) error.message += "; Task.from() makes one of it";
  return error;
}

/** The node behind a task, or a TypeError that shows what came instead. */
export function nodeOf(task: unknown, what: string): TaskNode<unknown> {
  if (isTaskNode(task)) return task;
  throw noTask(what, "a Task", task);
}

/** What a task, scope, group or context gives to hang a new task on. */
function parentNode(parent: unknown): CancelNode {
  const node = nodeBehind(parent);
  // Tasks can't lie in an event or a signal: no code runs there.
  if (node?.lost !== undefined) return node;
  throw noTask(
    "parent",
    "a Task, a TaskContext, a CancelScope or a TaskGroup",
    parent,
  );
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
  kept ??= new TaskNode(undefined);
  census.started = true;
  let to = owner;
  let name = fallback;
  let source: Source | undefined;
  if (options !== undefined) {
    optionalText(options.name, "name");
    name = options.name ?? fallback;
    source = sourceOption(options.signal, "createTask()") ?? undefined;
    to ??= ownerOf(options, source);
  }
  const parent = to ?? callerOf("createTask()") ?? root;
  const task = new TaskNode<T>(name);
  enterTree(parent, task);
  if (source !== undefined && source !== parent) {
    // As long as the task runs.
    onEnd(
      task,
      follow(source, (record) => cancelTree(task, comesDown(source, record))),
    );
  }
  return task;
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
  let promise: Promise<T>;
  try {
    const result = body(new NodeContext(task));
    if (result as unknown === task) throw task.waitsForItself();
    promise = Promise.resolve(result);
  } catch (error) {
    promise = Promise.reject(error);
  }
  task.promise = promise;
  // First of all reactions: whoever awaits the task finds it ended. Bound
  // methods are smaller than two closures and what they close over.
  promise.then(ending.completed.bind(ending), ending.threw.bind(ending));
}
