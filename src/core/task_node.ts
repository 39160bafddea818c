import { InvalidStateError } from "../errors.ts";
import type { TaskOutcome, TaskStatus } from "../outcome.ts";
import type { CancelOrigin, CancelReason } from "../reason.ts";
import { isSelfMade, leftScopeOf, wasAskedOf } from "./asked.ts";
import { requestOf } from "./asking.ts";
import { isAwait } from "./awaiting.ts";
import { cancelArgument } from "./cancel_argument.ts";
import { CodeNode } from "./code_node.ts";
import { cancelTree } from "./cancel_tree.ts";
import { Cancellation, fromAbortReason } from "./cancellation.ts";
import { currentNode } from "./current.ts";
import { isObserved, rememberWait } from "./diagnostics.ts";
import { end } from "./end.ts";
import { failed, type FailedTask, type FailureOwner } from "./failures.ts";
import { CANCELLED, CANCELLING, DONE, FAILED, isNode, LOOKED } from "./node.ts";
import { nothing, quiet, rejectQuietly } from "./quiet.ts";
import { isCancelledError, nameOf } from "./shapes.ts";
import { census } from "./shared.ts";
import { isThenable } from "./validate.ts";

export { end, onEnd } from "./end.ts";

/**
 * A body whose name is read when somebody asks: reading the name of a function
 * costs a sixth of a whole trivial task.
 */
export type Named = (...args: never[]) => unknown;

// Functions, because private methods would make each task larger.

/** Whether it is the task itself that asks, as far as one can know. */
function isCaller(task: TaskNode<unknown>): boolean {
  if (task.done) return false;
  const current = currentNode();
  return current === undefined
    ? task.promise === null
    : current.origin === task;
}

/** The promise, also for a child that asks before the body first waits. */
function joined<T>(task: TaskNode<T>): Promise<T> {
  return task.promise ?? Promise.resolve().then(() => task.promise!);
}

/** Looks at how a task has ended; its cancellation is left to the caller. */
function look(task: TaskNode<unknown>, what: string): void {
  if (!task.done) {
    throw new InvalidStateError(
      `Cannot read the ${what} of a task: task "${task.name}" is ${task.status}`,
    );
  }
  task.bits |= LOOKED;
}

/** Whether something is the node of a task, of whatever copy. */
export function isTaskNode(value: unknown): value is TaskNode<unknown> {
  return isNode(value) && value["~kind"] === "task";
}

/** The state behind a `Task`, which is its public face. */
export class TaskNode<T> extends CodeNode implements CancelOrigin, FailedTask {
  readonly id: number = ++census.lastId;
  /** Its name as it was given; `map()` calls a worker after its item. */
  given: string | Named | undefined;
  owner: FailureOwner | null = null;
  /** The body's own; set right after it was started, and always handled. */
  promise: Promise<T> | null = null;
  /** What it completed or failed with. */
  #result: unknown = undefined;

  constructor(name: string | Named | undefined) {
    super();
    this.given = name;
  }

  /** Made from the id when somebody asks, if none was given. */
  get name(): string {
    const given = this.given;
    const name = typeof given === "function" ? nameOf(given) : given;
    return this.given = name || `task-${this.id}`;
  }

  override get origin(): CancelOrigin {
    return this;
  }
  override get "~kind"(): "task" {
    return "task";
  }
  get [Symbol.toStringTag](): string {
    return "Task";
  }
  get error(): unknown {
    return this.#result;
  }
  /** What a console shows, in place of the links of the tree. */
  get shown(): string {
    return `Task ${this.id} "${this.name}" (${this.status})`;
  }
  /** Loggers write tasks out; the links of the tree are a ring. */
  toJSON(): object {
    const { id, name, status } = this;
    return { id, name, status };
  }
  /** What those who await a task that didn't complete shall see. */
  get thrown(): unknown {
    return this.cancelled ? this.record!.error : this.#result;
  }

  get parent(): TaskNode<unknown> | undefined {
    let at = this.up;
    while (at !== null && !isTaskNode(at)) at = at.up;
    return at ?? undefined;
  }
  get done(): boolean {
    return (this.bits & DONE) !== 0;
  }
  get cancelled(): boolean {
    return (this.bits & CANCELLED) !== 0;
  }
  get cancelRequested(): boolean {
    return (this.bits & CANCELLING) !== 0;
  }
  get reason(): CancelReason | undefined {
    return this.record?.reason;
  }
  get status(): TaskStatus {
    if (!this.done) return this.cancelRequested ? "cancelling" : "running";
    if ((this.bits & FAILED) !== 0) return "failed";
    return this.cancelled ? "cancelled" : "completed";
  }

  cancel(reason?: string | Error): boolean {
    const argument = cancelArgument(reason);
    if (this.done) return false;
    if (!this.cancelRequested) {
      const source = currentNode()?.origin;
      cancelTree(this, requestOf(argument, source, this.cancel));
    }
    return true;
  }

  result(): T {
    look(this, "result");
    if (this.status !== "completed") throw this.thrown;
    return this.#result as T;
  }

  exception(): unknown {
    look(this, "exception");
    if (this.cancelled) throw this.thrown;
    return this.status === "failed" ? this.#result : undefined;
  }

  outcome(): TaskOutcome<T> {
    look(this, "outcome");
    const { status } = this;
    return status === "cancelled"
      ? { status, reason: this.record!.reason }
      : status === "failed"
      ? { status, error: this.#result }
      : { status: "completed", value: this.#result as T };
  }

  then<A = T, B = never>(
    onfulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onrejected?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    if (isCaller(this)) {
      if (isAwait(onfulfilled, onrejected)) {
        return Promise.reject(this.waitsForItself()).then(
          onfulfilled,
          onrejected,
        );
      }
    } else if (isObserved() && isAwait(onfulfilled, onrejected)) {
      // The task's own promise: whether its outcome is looked at stays as it is.
      rememberWait(joined(this), currentNode(), `task "${this.name}"`, this);
    }
    this.bits |= LOOKED;
    return this.#react(onfulfilled, onrejected);
  }
  catch<B = never>(
    onrejected?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<T | B> {
    if (typeof onrejected === "function") this.bits |= LOOKED;
    return this.#react(undefined, onrejected);
  }
  /** Waiting for the end is no look at a failure. */
  finally(onfinally?: (() => void) | null): Promise<T> {
    if (typeof onfinally !== "function") return this.#react();
    return this.#react(
      async (value) => (await onfinally(), value),
      async (error) => {
        await onfinally();
        throw error;
      },
    );
  }

  /**
   * What reacts to the end of the task; callbacks of the task itself as well.
   * Its own cancellation in what comes out is handled: whoever cares for it
   * has the task.
   */
  #react<A = T, B = never>(
    onfulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onrejected?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    // What the body throws may be another cancellation than the task's own.
    const derived: Promise<A | B> = joined(this).then(onfulfilled, () => {
      const error = this.thrown;
      const own = this.cancelled;
      if (typeof onrejected !== "function") {
        if (own) quiet(derived);
        throw error;
      }
      if (!own) return onrejected(error);
      const passed = (other: unknown) => {
        if (other === error) quiet(derived);
        throw other;
      };
      try {
        const result = onrejected(error);
        return isThenable(result) ? result.then(undefined, passed) : result;
      } catch (other) {
        return passed(other);
      }
    });
    return derived;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    if (isCaller(this)) throw this.waitsForItself();
    await this.settled();
  }

  /** Resolves when the task has ended; doesn't count as looking at it. */
  settled(): Promise<void> {
    return joined(this).then(nothing, nothing);
  }

  /** What a join of oneself, which would never end, is refused with. */
  waitsForItself(): InvalidStateError {
    return new InvalidStateError(
      `Cannot wait for task "${this.name}": it would wait for itself`,
    );
  }

  completed(value: T): void {
    this.#result = value;
    end(this);
  }

  /**
   * Ends with what the body threw. A cancellation makes it cancelled only if
   * it was asked of the task, its scopes or its owners, or made by the body:
   * with another's, the rest of the body's work is lost, and it has failed.
   */
  threw(error: unknown): void {
    if (this.#isOwn(error)) {
      this.record ??= this.#madeBy(error);
      // Who awaits a task sees its request, whatever error brought it.
      if (error !== this.record.error) {
        this.promise = rejectQuietly(this.record.error);
      }
      this.bits |= CANCELLED;
      return end(this);
    }
    this.#result = error;
    this.bits |= FAILED;
    end(this);
    failed(this);
  }

  /** The record of a cancellation that the body has made itself. */
  #madeBy(error: unknown): Cancellation {
    const cause = fromAbortReason(error);
    const message = isCancelledError(error) ? cause.message : undefined;
    return new Cancellation("explicit", message, this, cause, error);
  }

  /** Whether it was asked of the task, its scopes or its owners. */
  #isOwn(error: unknown): boolean {
    return wasAskedOf(error, this) || isSelfMade(error) ||
      (isCancelledError(error) && leftScopeOf(error) === this);
  }
}
