import { cancelTree, inherit } from "../core/cancel_tree.ts";
import { Cancellation } from "../core/cancellation.ts";
import { currentNode } from "../core/current.ts";
import { onEnd } from "../core/end.ts";
import type { FailedTask, FailureOwner } from "../core/failures.ts";
import { CANCELLING, DONE, isWithin, LOOKED, SHIELDED } from "../core/node.ts";
import type { ScopeNode } from "../core/scope_node.ts";
import type { TaskNode } from "../core/task_node.ts";
import { flag, optionsObject } from "../core/validate.ts";
import { WaitQueue } from "../core/wait_queue.ts";
import { InvalidStateError } from "../errors.ts";
import { childAdded } from "../progress/progress_of.ts";
import { prepare } from "../task/start.ts";

/** What decides on the name and the place of a child. */
export interface ChildOptions {
  name?: string | undefined;
  service?: boolean | undefined;
}

/**
 * The children of a group: counts them, forgets them when they are done,
 * collects their errors in order of time, and cancels the rest at the first.
 */
export class Members implements FailureOwner {
  /** In order of time; one that comes up twice is there once. */
  readonly errors: Set<unknown> = new Set();
  /** Whether a child was cut short, so that the whole is not complete. */
  interrupted = false;
  readonly #node: ScopeNode;
  #ordinary = 0;
  readonly #services = new Set<TaskNode<unknown>>();
  readonly #idle = new WaitQueue();
  /** Errors that only say that this group takes no more children. */
  readonly #refusals = new WeakSet<object>();
  /** Children whose failure is told to somebody else. */
  readonly #told = new WeakMap<object, (error: unknown) => void>();

  constructor(node: ScopeNode) {
    this.#node = node;
  }

  get size(): number {
    return this.#ordinary + this.#services.size;
  }

  /** Makes a child whose body has not been started, or refuses to. */
  prepare<T>(fallback: string, options: ChildOptions): TaskNode<T> {
    optionsObject(options, "spawn()");
    const { name, service = false } = options;
    flag(service, "service");
    this.#mustBeOpen();
    const task = prepare<T>(fallback, { name }, this.#node);
    if (service) task.bits |= SHIELDED;
    this.#adopt(task as TaskNode<unknown>, service);
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
    // A body that awaits its failing child throws the same error once more.
    this.errors.add(error);
    const { origin } = this.#node;
    this.#node.cancelOwn(
      new Cancellation("group", message, origin, undefined),
    );
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
    return typeof error === "object" && error !== null &&
      this.#refusals.has(error);
  }

  /** Waits for the ordinary children, then ends the services, last first. */
  async join(): Promise<void> {
    for (;;) {
      // A service may start others in its cleanup.
      while (this.#ordinary > 0) await this.#idle.join(undefined);
      const last = [...this.#services].pop();
      if (last === undefined) break;
      last.bits &= ~SHIELDED;
      inherit(last);
      cancelTree(
        last,
        new Cancellation(
          "group",
          "its group has ended",
          this.#node.origin,
          undefined,
        ),
      );
      while (this.#services.has(last)) await this.#idle.join(undefined);
    }
  }
}
