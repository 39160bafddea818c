/**
 * What the parts of a task cost when there is nothing else: these have no
 * budget, they tell what is left to be gained.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Pair } from "../_measure.ts";
import { batch, sequence, work } from "./_calls.ts";

/** The least that knows of its own end: a list of live ones, one promise. */
class Tracked {
  static readonly all: Tracked = new Tracked();
  before: Tracked = this;
  after: Tracked = this;
  promise: Promise<number> | undefined = undefined;

  static start(): Tracked {
    const { all } = Tracked;
    const tracked = new Tracked();
    tracked.before = all.before;
    tracked.after = all;
    all.before = all.before.after = tracked;
    tracked.promise = work().then(
      (value) => {
        tracked.leave();
        return value;
      },
      (error) => {
        tracked.leave();
        throw error;
      },
    );
    return tracked;
  }
  leave(): void {
    this.before.after = this.after;
    this.after.before = this.before;
  }
  then<A, B>(
    onfulfilled: (value: number) => A | PromiseLike<A>,
    onrejected: (error: unknown) => B | PromiseLike<B>,
  ): Promise<A | B> {
    return this.promise!.then(onfulfilled, onrejected);
  }
}

/** What any handle costs that is tracked and awaitable, at once. */
export function trackedBatch(): Pair {
  return { base: batch(work), subject: batch(Tracked.start) };
}

/** The same, one after the other. */
export function trackedSequence(): Pair {
  return { base: sequence(work), subject: sequence(Tracked.start) };
}

const storage = new AsyncLocalStorage<object>();

/** The least that knows its context: a call of `run` with a fresh object. */
function runInContext(): Promise<number> {
  return storage.run({}, work);
}

/** What any context costs that follows a call, at once. */
export function contextBatch(): Pair {
  return { base: batch(work), subject: batch(runInContext) };
}

/** The same, one after the other. */
export function contextSequence(): Pair {
  return { base: sequence(work), subject: sequence(runInContext) };
}
