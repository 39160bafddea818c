import { createTask } from "../../mod.ts";
import { check, type Figures, type Pair, timed } from "../_measure.ts";

const COUNT = 100_000;

async function work(): Promise<number> {
  await null;
  return 1;
}

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

function batch(start: () => PromiseLike<number>): () => Promise<Figures> {
  return side(async () => {
    const all = new Array<PromiseLike<number>>(COUNT);
    for (let i = 0; i < COUNT; i++) all[i] = start();
    let sum = 0;
    for (const one of all) sum += await one;
    return sum;
  });
}

function sequence(start: () => PromiseLike<number>): () => Promise<Figures> {
  return side(async () => {
    let sum = 0;
    for (let i = 0; i < COUNT; i++) sum += await start();
    return sum;
  });
}

function side(run: () => Promise<number>): () => Promise<Figures> {
  return async () => {
    const { ms, value } = await timed(run);
    check(value === COUNT, `${value} of ${COUNT} tasks ran`);
    return { ms };
  };
}

/** 100,000 trivial tasks at once, ÷ 100,000 calls of the async function. */
export function trivialBatch(): Pair {
  return { base: batch(work), subject: batch(() => createTask(work)) };
}

/** The same, one after the other. */
export function trivialSequence(): Pair {
  return { base: sequence(work), subject: sequence(() => createTask(work)) };
}

/** What any handle costs that is tracked and awaitable: no budget, a floor. */
export function trackedBatch(): Pair {
  return { base: batch(work), subject: batch(Tracked.start) };
}

/** The same, one after the other. */
export function trackedSequence(): Pair {
  return { base: sequence(work), subject: sequence(Tracked.start) };
}
