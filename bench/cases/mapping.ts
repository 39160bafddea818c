import { map } from "../../mod.ts";
import {
  check,
  type Figures,
  nanosecondsEach,
  type Pair,
  timed,
} from "../_measure.ts";

const COUNT = 100_000;
const CONCURRENCY = 16;
const ITEMS: readonly number[] = Array.from({ length: COUNT }, (_, i) => i);

let working = 0;
let most = 0;

async function double(item: number): Promise<number> {
  if (++working > most) most = working;
  await null;
  working--;
  return item * 2;
}

/** As many loops over one index as there may be items at a time. */
async function workers(): Promise<number[]> {
  const results = new Array<number>(COUNT);
  let taken = 0;
  async function work(): Promise<void> {
    while (taken < COUNT) {
      const index = taken++;
      results[index] = await double(ITEMS[index]!);
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return results;
}

function side(run: () => Promise<number[]>): () => Promise<Figures> {
  return async () => {
    most = 0;
    const { ms, value } = await timed(run);
    check(most === CONCURRENCY, `${most} items at a time`);
    check(value.every((result, i) => result === 2 * i), "wrong results");
    return { time: nanosecondsEach(ms, COUNT) };
  };
}

/** `map` over 100,000 items, 16 at a time ÷ hand-written workers. */
export function mapping(): Pair {
  return {
    base: side(workers),
    subject: side(() => map(ITEMS, double, { concurrency: CONCURRENCY })),
  };
}
