import { check, type Figures, nanosecondsEach, timed } from "../_measure.ts";

const COUNT = 100_000;

/** What each call does, bare or in a task. */
export async function work(): Promise<number> {
  await null;
  return 1;
}

/** 100,000 calls at once, each awaited. */
export function batch(
  start: () => PromiseLike<number>,
): () => Promise<Figures> {
  return side(async () => {
    const all = new Array<PromiseLike<number>>(COUNT);
    for (let i = 0; i < COUNT; i++) all[i] = start();
    let sum = 0;
    for (const one of all) sum += await one;
    return sum;
  });
}

/** 100,000 calls, one after the other. */
export function sequence(
  start: () => PromiseLike<number>,
): () => Promise<Figures> {
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
    return { time: nanosecondsEach(ms, COUNT) };
  };
}
