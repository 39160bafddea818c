import { isObject } from "../core/shapes.ts";
import { cancelTree, inherit } from "../core/cancel_tree.ts";
import { Cancellation } from "../core/cancellation.ts";
import { currentNode } from "../core/current.ts";
import { end, onEnd } from "../core/end.ts";
import type { FailedTask, FailureOwner } from "../core/failures.ts";
import { follow } from "../core/follow.ts";
import { CANCELLING, DONE, isWithin, LOOKED, SHIELDED } from "../core/node.ts";
import type { ScopeNode } from "../core/scope_node.ts";
import { isTaskNode, type TaskNode } from "../core/task_node.ts";
import { WaitQueue } from "../core/wait_queue.ts";
import { InvalidStateError } from "../errors.ts";
import { childAdded } from "../progress/progress_of.ts";
import { prepare } from "../task/start.ts";
import { Grace } from "./grace.ts";
import type { CheckedChild } from "./options.ts";

/** For groups without a limit: it is never over. */
const UNLIMITED = /* @__PURE__ */ new Grace(Infinity, () => {});

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
  #unfollow: () => void = () => {};

  constructor(node: ScopeNode, grace: number) {
    this.#node = node;
    if (grace === Infinity) {
      this.#grace = this.#last = UNLIMITED;
      return;
    }
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
    const { name, service } = options;
    this.#mustBeOpen();
    const task = prepare<T>(fallback, { name }, this.#node);
    if (service === true || service === "after") task.bits |= SHIELDED;
    this.#adopt(task as TaskNode<unknown>, service !== false);
    return task;
  }

  #mustBeOpen(): void {
    const { bits, record } = this.#node;
    const state = (bits & DONE) !== 0
      ? "it has ended"
      : (bits & CANCELLING) !== 0
      ? "it is cancelled"
      : undefined;
    if (state === undefined) return;
    throw this.#refuse(
      new InvalidStateError(
        `Cannot spawn in group "${this.#node.name}": ${state}`,
        record === null ? {} : { cause: record.error },
      ),
    );
  }

  /** Takes in a prepared child before its body is started. */
  #adopt(task: TaskNode<unknown>, service: boolean): void {
    task.owner = this;
    childAdded(this.#node, task);
    if (service) {
      this.#services.add(task);
      onEnd(task, () => {
        this.#services.delete(task);
        this.#idle.wakeAll();
      });
      return;
    }
    this.#ordinary++;
    onEnd(task, () => {
      if (task.cancelled) this.interrupted = true;
      if (--this.#ordinary === 0) this.#idle.wakeAll();
    });
  }

  /** Until `give()` returns, failures of `task` go to `tell`. */
  divert(task: TaskNode<unknown>, tell: (error: unknown) => void): () => void {
    this.#told.set(task, tell);
    return () => this.#told.delete(task);
  }

  takeFailure(task: FailedTask): boolean {
    const tell = this.#told.get(task);
    if (tell !== undefined) {
      task.bits |= LOOKED;
      tell(task.error);
      return true;
    }
    if ((this.#node.bits & DONE) !== 0) return false;
    task.bits |= LOOKED;
    if (this.refused(task.error)) {
      this.interrupted = true;
      return true;
    }
    this.fail(task.error, `task "${task.name}" failed`);
    return true;
  }

  fail(error: unknown, message: string): void {
    this.#note(error);
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
    this.#node.cancelOwn(
      new Cancellation("group", message, origin),
    );
  }

  /** Two children may throw the same text, and both count. */
  #note(error: unknown): void {
    if (isObject(error)) {
      if (this.#known.has(error)) return;
      this.#known.add(error);
    }
    this.errors.push(error);
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

  /** Remembers that `error` only says that the group takes no more. */
  #refuse(error: InvalidStateError): InvalidStateError {
    this.#refusals.add(error);
    return error;
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
    const left = this.#ordinary + this.#services.size === 0 ? [] : this.#left();
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

  /** The children that run, in order of start. */
  #left(): TaskNode<unknown>[] {
    const found: TaskNode<unknown>[] = [];
    const { head } = this.#node;
    for (let child = head; child !== null;) {
      if (isTaskNode(child) && child.owner === this) found.push(child);
      child = child.next === head ? null : child.next;
    }
    return found;
  }
}
