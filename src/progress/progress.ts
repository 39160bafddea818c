import { now } from "../core/clock.ts";
import { currentNode } from "../core/current.ts";
import { optionsOf } from "../core/options.ts";
import { recordOf } from "../core/source.ts";
import { uncaught } from "../core/uncaught.ts";
import {
  callable,
  ofType,
  oneOf,
  optionsObject,
  unexpected,
} from "../core/validate.ts";
import { WaitQueue } from "../core/wait_queue.ts";
import { InvalidStateError } from "../errors.ts";
import type {
  ProgressSnapshot,
  ProgressStatus,
  ProgressValues,
} from "./progress_values.ts";

function amount(value: unknown, what: string): number {
  const action = "update progress";
  ofType(value, "number", action, `a number as ${what}`);
  if (Number.isFinite(value) && value as number >= 0) return value as number;
  throw unexpected(action, `${what} to be 0 or more`, value, RangeError);
}

/**
 * How far a piece of work is: typed, checked and observable.
 *
 * - `completed` never goes back and never exceeds `total`.
 * - Once the work has ended nothing can be changed.
 * - Observers are called synchronously, in order of subscription.
 *
 * A task has one: `context.progress`. It is final when its task ends.
 *
 * @example
 * Updates and an observer
 * ```ts
 * import { Progress } from "@mdc/tasks";
 *
 * const progress = new Progress({ total: 4, stage: "download" });
 * const seen: (number | undefined)[] = [];
 * const unsubscribe = progress.subscribe(({ fraction }) => seen.push(fraction));
 * progress.advance();
 * progress.update({ completed: 4, stage: "done" });
 * unsubscribe();
 * console.log(seen); // [0.25, 1]
 * ```
 */
export class Progress implements AsyncIterable<ProgressSnapshot> {
  #status: ProgressStatus = "running";
  #stage: string | undefined;
  #completed = 0;
  #total: number | undefined;
  /** What was done before the start says nothing about the pace. */
  readonly #head: number;
  #started = now();
  #ended: number | undefined;
  readonly #observers = new Set<(snapshot: ProgressSnapshot) => void>();
  readonly #changed = new WaitQueue();
  #version = 0;
  #watchers = 0;
  /** Internal: is told when the first watcher comes and the last one goes. */
  "~watched": ((watched: boolean) => void) | undefined = undefined;

  /**
   * Starts at nothing, or at what was done before.
   *
   * @param values The total and the stage to begin with, and what is done.
   * @throws {RangeError} If a number is `NaN`, negative, or above the total.
   * @throws {TypeError} If a value has the wrong type.
   */
  constructor(values: ProgressValues = {}) {
    this.#assign(values, "new Progress()");
    this.#head = this.#completed;
  }

  /** Running, or how the work ended. */
  get status(): ProgressStatus {
    return this.#status;
  }
  /** What is being done. */
  get stage(): string | undefined {
    return this.#stage;
  }
  /** How many units are done. */
  get completed(): number {
    return this.#completed;
  }
  /** How many units there are, if that is known. */
  get total(): number | undefined {
    return this.#total;
  }
  /** `completed / total`, between 0 and 1, if the total is known. */
  get fraction(): number | undefined {
    const total = this.total;
    if (total === undefined) return undefined;
    return total === 0 ? 1 : this.completed / total;
  }
  /** Milliseconds since the start, up to the end. */
  get elapsed(): number {
    return (this.#ended ?? now()) - this.#started;
  }
  /** Units per second since the start, without those done before. */
  get rate(): number {
    const elapsed = this.elapsed;
    return elapsed === 0 ? 0 : (this.completed - this.#head) / elapsed * 1000;
  }
  /** Milliseconds until the end at this rate, if that can be known. */
  get eta(): number | undefined {
    const { total, completed, rate } = this;
    if (total === undefined) return undefined;
    if (this.#status !== "running" || total === completed) return 0;
    return rate === 0 ? undefined : (total - completed) / rate * 1000;
  }

  /**
   * Sets what is given and tells the observers.
   *
   * @param values The stage, what is done, the total.
   * @throws {InvalidStateError} If the work has ended.
   * @throws {RangeError} If a number is `NaN` or negative, `completed` goes
   * back or exceeds the total; then nothing changes.
   * @throws {TypeError} If a value has the wrong type.
   */
  update(values: ProgressValues): void {
    this.#mustRun();
    optionsObject(values, "update()");
    this.#assign(values, "update()");
    this.#tell();
  }

  /**
   * Adds to what is done.
   *
   * @param units How many units more. Default: 1.
   * @throws {InvalidStateError} If the work has ended.
   * @throws {RangeError} If it is `NaN` or negative, or exceeds the total.
   */
  advance(units = 1): void {
    this.update({ completed: this.#completed + amount(units, "units") });
  }

  /**
   * Ends it. A task does that for its own progress.
   *
   * @param status How the work ended.
   * @throws {InvalidStateError} If the work has ended already.
   */
  finish(status: Exclude<ProgressStatus, "running"> = "completed"): void {
    this.#mustRun();
    this.#status = oneOf(
      status,
      ["completed", "failed", "cancelled"],
      "status",
    );
    this.#ended = now();
    this.#tell();
    this.#watch(-this.#observers.size);
    this.#observers.clear();
  }

  /**
   * Calls `observer` after each change, until unsubscribed. When an observer
   * makes a change itself, those after it are told of that one only, so that
   * nobody sees a figure go back.
   *
   * @param observer What to call.
   * @returns What unsubscribes it.
   */
  subscribe(observer: (snapshot: ProgressSnapshot) => void): () => void {
    callable(observer, "the observer of subscribe()");
    const own = (snapshot: ProgressSnapshot) => observer(snapshot);
    this.#observers.add(own);
    this.#watch(1);
    return () => {
      if (this.#observers.delete(own)) this.#watch(-1);
    };
  }

  /** One look at all figures. */
  snapshot(): ProgressSnapshot {
    const { status, stage, completed, total, fraction, rate, eta, elapsed } =
      this;
    return { status, stage, completed, total, fraction, rate, eta, elapsed };
  }

  /**
   * The latest state after each change, and the final one at the end. A slow
   * consumer skips states; nothing is buffered. The cancellation of the current
   * task ends the wait for the next state.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<ProgressSnapshot> {
    for (;;) {
      const seen = this.#version;
      const snapshot = this.snapshot();
      yield snapshot;
      if (snapshot.status !== "running") return;
      if (seen !== this.#version) continue;
      const waiter = currentNode();
      const record = recordOf(waiter);
      if (record !== undefined) throw record.error;
      this.#watch(1);
      try {
        await this.#changed.join(waiter);
      } finally {
        this.#watch(-1);
      }
    }
  }

  /** Internal: sets the figures of a whole, which may go back. */
  "~put"(completed: number, total: number | undefined): void {
    this.#completed = completed;
    this.#total = total;
    this.#tell();
  }
  /** Internal: when the work began, on the clock, if that is known better. */
  "~since"(started: number): void {
    this.#started = started;
  }

  #watch(change: number): void {
    const before = this.#watchers > 0;
    this.#watchers += change;
    const after = this.#watchers > 0;
    if (before !== after) this["~watched"]?.(after);
  }

  #mustRun(): void {
    if (this.#status === "running") return;
    throw new InvalidStateError(
      `Cannot update progress: it is ${this.#status} already`,
    );
  }

  #assign(values: ProgressValues, what: string): void {
    const { stage, completed, total } = optionsOf<ProgressValues>(
      values,
      what,
      ["stage", "completed", "total"],
    );
    const nextTotal = total === undefined
      ? this.#total
      : amount(total, "total");
    const next = completed === undefined
      ? this.#completed
      : amount(completed, "completed");
    if (next < this.#completed) {
      throw new RangeError(
        `Cannot update progress: completed is ${this.#completed} and can't go back, received ${next}`,
      );
    }
    if (nextTotal !== undefined && next > nextTotal) {
      throw new RangeError(
        `Cannot update progress: completed can't exceed the total of ${nextTotal}, received ${next}`,
      );
    }
    if (stage !== undefined) {
      ofType(stage, "string", "update progress", "a string as stage");
    }
    this.#completed = next;
    this.#total = nextTotal;
    this.#stage = stage ?? this.#stage;
  }

  #tell(): void {
    const version = ++this.#version;
    this.#changed.wakeAll();
    if (this.#observers.size === 0) return;
    const snapshot = this.snapshot();
    for (const observer of [...this.#observers]) {
      // An earlier observer made a change, of which all were told already.
      if (version !== this.#version) return;
      if (!this.#observers.has(observer)) continue;
      try {
        observer(snapshot);
      } catch (error) {
        // An observer's bug is its own: loud, but not the worker's failure.
        uncaught(error);
      }
    }
  }
}
