import { cancelTree } from "../core/cancel_tree.ts";
import { Cancellation } from "../core/cancellation.ts";
import { end, onEnd } from "../core/end.ts";
import { reportFailure } from "../core/failures.ts";
import { hang } from "../core/hang.ts";
import { CallbackListener, CANCELLING, LOOKED } from "../core/node.ts";
import { ScopeNode } from "../core/scope_node.ts";
import { stopListening } from "../core/signals.ts";
import { type Source, subscribe } from "../core/source.ts";
import { isTaskNode, type TaskNode } from "../core/task_node.ts";
import { WaitQueue } from "../core/wait_queue.ts";
import type { TaskBody } from "../task/context.ts";
import { prepare, start } from "../task/start.ts";
import type { Competitor } from "./competitors.ts";

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
  readonly #unfollow: () => void;
  #running = 0;
  #seen = 0;

  /**
   * @param name The name of its scope.
   * @param source One more source of cancellation, or `null` for none at all.
   */
  constructor(name: string, source?: Source | null) {
    this.#node = new ScopeNode(name, "crew");
    this.#unfollow = hang(this.#node, source, name);
    if ((this.#node.bits & CANCELLING) === 0) {
      subscribe(this.#node, this.#relay);
    }
  }

  /** Starts a body, by a name if one is given, or takes a running task. */
  add(item: Competitor<T>, name?: string): TaskNode<T> {
    const given = isTaskNode(item);
    const task = given ? item as TaskNode<T> : prepare<T>(
      name ?? item as TaskBody<T>,
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
      await this.#changed.join();
    }
    this.#seen++;
    return true;
  }

  /** The task whose end `another()` told of. */
  get latest(): TaskNode<T> {
    return this.#ended[this.#seen - 1] as TaskNode<T>;
  }

  /** Throws the outer cancellation if it cut the latest of the crew short. */
  throwOuter(): void {
    const { cancellation } = this;
    if (this.latest.cancelled && cancellation !== undefined) throw cancellation;
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
      const record = new Cancellation("group", reason, origin);
      this.#node.cancelOwn(record);
      for (const task of this.#members) cancelTree(task, record);
      while (this.#running > 0) await this.#changed.join();
    }
    stopListening(this.#relay);
    this.#unfollow();
    end(this.#node);
    for (const task of this.#members) {
      if (told.has(task) || task.status !== "failed") continue;
      task.bits &= ~LOOKED;
      reportFailure(task);
    }
  }
}
