import { InvalidStateError } from "../errors.ts";
import type { TaskOutcome, TaskStatus } from "../outcome.ts";
import type { CancelOrigin, CancelReason } from "../reason.ts";
import { isSelfMade, leftScopeOf, wasAskedOf } from "./asked.ts";
import { requestOf } from "./asking.ts";
import { isAwait } from "./awaiting.ts";
import { cancelArgument } from "./cancel_argument.ts";
import { cancelTree } from "./cancel_tree.ts";
import { Cancellation, fromAbortReason } from "./cancellation.ts";
import { currentNode } from "./current.ts";
import { isObserved, rememberWait } from "./diagnostics.ts";
import { end } from "./end.ts";
import { failed, type FailedTask, type FailureOwner } from "./failures.ts";
import {
  CANCELLED,
  CANCELLING,
  CancelNode,
  DONE,
  FAILED,
  isNode,
  LOOKED,
} from "./node.ts";
import { quiet, rejectQuietly } from "./quiet.ts";
import { isCancelledError } from "./shapes.ts";
import { census } from "./shared.ts";
import { isThenable } from "./validate.ts";

export { end, onEnd } from "./end.ts";

const noop = (): void => {};

/**
 * A body whose name is read when somebody asks: reading the name of a function
 * costs a sixth of a whole trivial task.
 */
export type Named = (...args: never[]) => unknown;

// Functions, because private methods would make each task larger.

/** Whether it is the task itself that asks, as far as one can know. */
function isCaller(task: TaskNode<unknown>): boolean {
  if ((task.bits & DONE) !== 0) return false;
  const current = currentNode();
  return current === undefined
    ? task.promise === null
    : current.origin === task;
}

/** The promise, also for a child that asks before the body first waits. */
function joined<T>(task: TaskNode<T>): Promise<T> {
  return task.promise ?? Promise.resolve().then(() => task.promise!);
}

function mustBeDone(task: TaskNode<unknown>, action: string): void {
  if ((task.bits & DONE) !== 0) return;
  throw new InvalidStateError(
    `Cannot ${action} a task: task "${task.name}" is ${task.status}`,
  );
}

/** Whether something is the node of a task, of whatever copy. */
export function isTaskNode(value: unknown): value is TaskNode<unknown> {
  return isNode(value) && value["~kind"] === "task";
}

/** The state behind a `Task`, which is its public face. */
export class TaskNode<T> extends CancelNode
  implements CancelOrigin, FailedTask {
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
    const name = typeof given === "function" ? given.name : given;
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
  /** What those who await a task that didn't complete shall see. */
  get thrown(): unknown {
    return (this.bits & CANCELLED) !== 0 ? this.record!.error : this.#result;
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
    const bits = this.bits;
    if ((bits & DONE) === 0) {
      return (bits & CANCELLING) === 0 ? "running" : "cancelling";
    }
    if ((bits & FAILED) !== 0) return "failed";
    return (bits & CANCELLED) !== 0 ? "cancelled" : "completed";
  }

  cancel(reason?: string | Error): boolean {
    const argument = cancelArgument(reason);
    if ((this.bits & DONE) !== 0) return false;
    if ((this.bits & CANCELLING) === 0) {
      const source = currentNode()?.origin;
      cancelTree(this, requestOf(argument, source, this.cancel));
    }
    return true;
  }

  result(): T {
    mustBeDone(this, "read the result of");
    this.bits |= LOOKED;
    if ((this.bits & CANCELLED) !== 0) throw this.record!.error;
    if ((this.bits & FAILED) !== 0) throw this.#result;
    return this.#result as T;
  }

  exception(): unknown {
    mustBeDone(this, "read the exception of");
    this.bits |= LOOKED;
    if ((this.bits & CANCELLED) !== 0) throw this.record!.error;
    return (this.bits & FAILED) === 0 ? undefined : this.#result;
  }

  outcome(): TaskOutcome<T> {
    mustBeDone(this, "read the outcome of");
    this.bits |= LOOKED;
    if ((this.bits & CANCELLED) !== 0) {
      return { status: "cancelled", reason: this.record!.reason };
    }
    return (this.bits & FAILED) !== 0
      ? { status: "failed", error: this.#result }
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
      // The task's own promise: whether the outcome is looked at stays as it is.
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
      const own = (this.bits & CANCELLED) !== 0;
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
    return joined(this).then(noop, noop);
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
    const { record } = this;
    if (record !== null) {
      if (this.#isOwn(error)) {
        if (error !== record.error) {
          this.promise = rejectQuietly(record.error);
        }
        this.bits |= CANCELLED;
        return end(this);
      }
    } else if (this.#isOwn(error)) {
      this.record = new Cancellation(
        "explicit",
        isCancelledError(error) ? error.reason.message : undefined,
        this,
        fromAbortReason(error),
        { value: error },
      );
      this.bits |= CANCELLED;
      return end(this);
    }
    this.#result = error;
    this.bits |= FAILED;
    end(this);
    failed(this);
  }

  /** Whether it was asked of the task, its scopes or its owners. */
  #isOwn(error: unknown): boolean {
    return wasAskedOf(error, this) || isSelfMade(error) ||
      (isCancelledError(error) && leftScopeOf(error) === this);
  }
}
