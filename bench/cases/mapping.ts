import { map } from "../../mod.ts";
import { check, type Figures, type Pair, timed } from "../_measure.ts";

const ITEMS: readonly number[] = Array.from({ length: 100_000 }, (_, i) => i);
const CONCURRENCY = 16;

async function double(item: number): Promise<number> {
  await null;
  return item * 2;
}

/** As many loops over one iterator as there may be items at a time. */
async function workers(): Promise<number[]> {
  const entries = ITEMS.entries();
  const results: number[] = [];
  async function work(): Promise<void> {
    for (const [index, item] of entries) results[index] = await double(item);
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return results;
}

function side(run: () => Promise<number[]>): () => Promise<Figures> {
  return async () => {
    const { ms, value } = await timed(run);
    check(value.length === ITEMS.length, `${value.length} results`);
    check(value[99_999] === 199_998, `the last result is ${value[99_999]}`);
    return { ms };
  };
}

/** `map` over 100,000 items, 16 at a time ÷ hand-written workers. */
export function mapping(): Pair {
  return {
    base: side(workers),
    subject: side(() => map(ITEMS, double, { concurrency: CONCURRENCY })),
  };
}
