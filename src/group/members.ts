import { isObject } from "../core/shapes.ts";
import { cancelTree, inherit } from "../core/cancel_tree.ts";
import { Cancellation } from "../core/cancellation.ts";
import { currentNode } from "../core/current.ts";
import { end, onEnd } from "../core/end.ts";
import type { FailedTask, FailureOwner } from "../core/failures.ts";
import { follow } from "../core/follow.ts";
import { CLOSED, DONE, isWithin, LOOKED, SHIELDED } from "../core/node.ts";
import type { ScopeNode } from "../core/scope_node.ts";
import type { TaskNode } from "../core/task_node.ts";
import { WaitQueue } from "../core/wait_queue.ts";
import { InvalidStateError } from "../errors.ts";
import { childAdded, ownTasks } from "../core/children.ts";
import { prepare } from "../task/start.ts";
import { Grace } from "./grace.ts";
import type { CheckedChild } from "./options.ts";

/** What is told when the time of the children is over. */
type Expired = () => void;

/**
 * The children of a group: counts them, forgets them when they are done,
 * collects their errors in order of time, and cancels the rest at the first.
 */
export class Members implements FailureOwner {
  /** In order of time. */
  readonly errors: unknown[] = [];
  /** Whether a child was cut short, so that the whole is not complete. */
  interrupted = false;
  readonly #node: ScopeNode;
  #ordinary = 0;
  readonly #services = new Set<TaskNode<unknown>>();
  readonly #idle = new WaitQueue();
  /** Errors that are objects: one that comes up twice counts once. */
  readonly #known = new Set<unknown>();
  /** Errors that only say that this group takes no more children. */
  readonly #refusals = new WeakSet<object>();
  /** Children whose failure is told to somebody else. */
  readonly #told = new WeakMap<object, (error: unknown) => void>();
  /** What children and body have from the cancellation of the group on. */
  readonly #grace: Grace;
  /** What services have from the first request to end on. */
  readonly #last: Grace;
  #expired: Expired | undefined;
  readonly #unfollow: () => void;

  constructor(node: ScopeNode, grace: number) {
    this.#node = node;
    this.#grace = new Grace(grace, () => {
      this.#expired?.();
      this.#idle.wakeAll();
    });
    this.#last = new Grace(grace, () => this.#idle.wakeAll());
    this.#unfollow = follow(node, () => this.#grace.begin());
  }

  get size(): number {
    return this.#ordinary + this.#services.size;
  }

  /** Makes a child whose body has not been started, or refuses to. */
  prepare<T>(fallback: string, options: CheckedChild): TaskNode<T> {
    this.#mustBeOpen();
    const { name, service } = options;
    const task = prepare<unknown>(fallback, { name }, this.#node);
    if (service === true || service === "after") task.bits |= SHIELDED;
    task.owner = this;
    childAdded(this.#node, task);
    if (service === false) this.#ordinary++;
    else this.#services.add(task);
    onEnd(task, () => {
      if (!this.#services.delete(task)) {
        if (task.cancelled) this.interrupted = true;
        if (--this.#ordinary > 0) return;
      }
      this.#idle.wakeAll();
    });
    return task as TaskNode<T>;
  }

  #mustBeOpen(): void {
    const { bits, record } = this.#node;
    if ((bits & CLOSED) === 0) return;
    const state = (bits & DONE) === 0 ? "is cancelled" : "has ended";
    const error = new InvalidStateError(
      `Cannot spawn in group "${this.#node.name}": it ${state}`,
      record === null ? {} : { cause: record.error },
    );
    this.#refusals.add(error);
    throw error;
  }

  /** Until `give()` returns, failures of `task` go to `tell`. */
  divert(task: TaskNode<unknown>, tell: (error: unknown) => void): () => void {
    this.#told.set(task, tell);
    return () => this.#told.delete(task);
  }

  takeFailure(task: FailedTask): boolean {
    const tell = this.#told.get(task);
    if (tell === undefined && (this.#node.bits & DONE) !== 0) return false;
    task.bits |= LOOKED;
    if (tell !== undefined) tell(task.error);
    else if (this.refused(task.error)) this.interrupted = true;
    else this.fail(task.error, `task "${task.name}" failed`);
    return true;
  }

  /** Two children may throw the same text, and both count. */
  fail(error: unknown, message: string): void {
    if (!this.#known.has(error)) this.errors.push(error);
    if (isObject(error)) this.#known.add(error);
    this.#stop(message);
  }

  /** The body failed; one that awaits its failing child throws what that did. */
  failBody(error: unknown): void {
    if (this.errors.includes(error)) return;
    this.fail(error, "its body failed");
  }

  /**
   * Throws if scopes that the body has entered are still running. The group is
   * cancelled first: so they see that it is, and don't take it for their own.
   */
  leaveInOrder(): void {
    if (this.#node.inner.length === 0) return;
    this.#stop("its body failed");
    throw this.#node.misnested();
  }

  #stop(message: string): void {
    const { origin } = this.#node;
    this.#node.cancelOwn(new Cancellation("group", message, origin));
  }

  /** A child that waits for its group would wait for itself. */
  mustNotBeCaller(): void {
    const caller = currentNode();
    const task = caller?.origin;
    if (
      caller === undefined || task === this.#node.origin ||
      !isWithin(caller, this.#node)
    ) return;
    throw new InvalidStateError(
      `Cannot wait for group "${this.#node.name}": task "${task?.name}" is in it`,
    );
  }

  /** Whether `error` only says that the group takes no more children. */
  refused(error: unknown): boolean {
    return isObject(error) &&
      this.#refusals.has(error);
  }

  /**
   * Somebody waits for the group, so that its grace is measured.
   *
   * @param expired What is called when children and body have had their time.
   */
  awaited(expired?: Expired): void {
    this.#expired = expired;
    this.#grace.wait();
  }

  /**
   * Waits for the ordinary children, then ends the services, last first, and
   * ends the node in the turn in which nobody is left: whoever looks then
   * finds a group that takes no more.
   *
   * @returns Who is left behind because the time was over.
   */
  async join(): Promise<TaskNode<unknown>[]> {
    this.awaited();
    this.#last.wait();
    for (;;) {
      // A service may start others in its cleanup.
      while (this.#ordinary > 0 && !this.#grace.over && !this.#last.over) {
        await this.#idle.join();
      }
      const last = [...this.#services].pop();
      if (last === undefined || this.#last.over) break;
      this.#last.begin();
      this.#ask(last);
      while (this.#services.has(last) && !this.#last.over) {
        await this.#idle.join();
      }
    }
    this.#grace.end();
    this.#last.end();
    this.#unfollow();
    const left = ownTasks(this.#node).filter((task) => task.owner === this);
    for (const task of left) this.#ask(task);
    end(this.#node);
    return left;
  }

  #ask(task: TaskNode<unknown>): void {
    task.bits &= ~SHIELDED;
    inherit(task);
    const { origin } = this.#node;
    cancelTree(
      task,
      new Cancellation("group", "its group has ended", origin),
    );
  }
}
