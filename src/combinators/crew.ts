import { cancelTree, inherit } from "../core/cancel_tree.ts";
import { Cancellation } from "../core/cancellation.ts";
import { currentNode } from "../core/current.ts";
import { end, onEnd } from "../core/end.ts";
import { reportFailure } from "../core/failures.ts";
import {
  CallbackListener,
  CANCELLING,
  link,
  LOOKED,
  root,
} from "../core/node.ts";
import { ScopeNode } from "../core/scope_node.ts";
import { stopListening } from "../core/signals.ts";
import { subscribe } from "../core/source.ts";
import { isTaskNode, type TaskNode } from "../core/task_node.ts";
import { iterable, unexpected } from "../core/validate.ts";
import { WaitQueue } from "../core/wait_queue.ts";
import type { TaskBody } from "../task/context.ts";
import { prepare, start } from "../task/start.ts";
import type { Task } from "../task/task.ts";

/** What a combinator takes: the body of a task to start, or a running task. */
export type Competitor<T> = TaskBody<T> | Task<T>;

/** Checks what a combinator was given before anything is started. */
export function competitors<T>(
  items: Iterable<Competitor<T>>,
  what: string,
): Competitor<T>[] {
  iterable(items, `use ${what}`, "bodies or tasks");
  const list = [...items];
  const current = currentNode()?.origin;
  for (const item of list) {
    if (isTaskNode(item)) {
      if (item === current && !item.done) throw item.waitsForItself();
      continue;
    }
    if (typeof item === "function") continue;
    throw unexpected(`use ${what}`, "a function or a Task", item);
  }
  return list;
}

/**
 * The tasks of one combinator. They lie in a scope of their own, so that
 * outer cancellation reaches them; whoever leaves the crew has cancelled and
 * joined all of them.
 */
export class Crew<T> {
  readonly #node: ScopeNode;
  readonly #members: TaskNode<T>[] = [];
  readonly #ended: TaskNode<T>[] = [];
  readonly #changed = new WaitQueue();
  /** Outer cancellation for tasks that lie elsewhere in the tree. */
  readonly #relay = new CallbackListener((record) => {
    for (const task of this.#members) cancelTree(task, record);
  });
  #running = 0;
  #seen = 0;

  constructor(name: string) {
    this.#node = new ScopeNode(name, "crew", "parent");
    link(currentNode() ?? root, this.#node);
    inherit(this.#node);
    if ((this.#node.bits & CANCELLING) === 0) {
      subscribe(this.#node, this.#relay);
    }
  }

  add(item: Competitor<T>): TaskNode<T> {
    const given = isTaskNode(item);
    const task = given ? item as TaskNode<T> : prepare<T>(
      (item as TaskBody<T>).name,
      {},
      this.#node,
    );
    this.#members.push(task);
    task.bits |= LOOKED;
    if (task.done) {
      this.#ended.push(task);
      return task;
    }
    this.#running++;
    onEnd(task, () => {
      this.#running--;
      this.#ended.push(task);
      this.#changed.wakeAll();
    });
    if (!given) start(task, item as TaskBody<T>);
    else if (this.#node.record !== null) cancelTree(task, this.#node.record);
    return task;
  }

  /** Waits for the end of one more task; `false` if all ends were seen. */
  async another(): Promise<boolean> {
    if (this.#seen === this.#members.length) return false;
    while (this.#ended.length === this.#seen) {
      await this.#changed.join(undefined);
    }
    this.#seen++;
    return true;
  }

  /** The task whose end `another()` told of. */
  get latest(): TaskNode<T> {
    return this.#ended[this.#seen - 1] as TaskNode<T>;
  }

  /** The cancellation that came from outside, if one came. */
  get cancellation(): Error | undefined {
    const { record, own } = this.#node;
    return own === null ? record?.error : undefined;
  }

  /**
   * Cancels who is still running, waits for all, and leaves. What a loser
   * fails with in its cleanup is reported: nobody else will see it. Failures
   * that were seen count as told, unless `untold` says that they were not.
   */
  async leave(reason: string, untold = false): Promise<void> {
    const told = new Set(untold ? [] : this.#ended.slice(0, this.#seen));
    if (this.#running > 0) {
      const { origin } = this.#node;
      const record = new Cancellation("group", reason, origin, undefined);
      this.#node.cancelOwn(record);
      for (const task of this.#members) cancelTree(task, record);
      while (this.#running > 0) await this.#changed.join(undefined);
    }
    stopListening(this.#relay);
    end(this.#node);
    for (const task of this.#members) {
      if (told.has(task) || task.status !== "failed") continue;
      task.bits &= ~LOOKED;
      reportFailure(task);
    }
  }
}
