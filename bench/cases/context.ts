import { AsyncLocalStorage } from "node:async_hooks";
import { check, type Figures, type Pair, timed } from "../_measure.ts";

const COUNT = 100_000;
const storage = new AsyncLocalStorage<{ node: number }>();

async function work(): Promise<number> {
  await null;
  return 1;
}

function side(start: () => Promise<number>): () => Promise<Figures> {
  return async () => {
    const { ms, value } = await timed(async () => {
      let sum = 0;
      for (let i = 0; i < COUNT; i++) sum += await start();
      return sum;
    });
    check(value === COUNT, `${value} of ${COUNT} calls`);
    return { ms };
  };
}

/**
 * What the platform's own context costs around a call, with a value for each:
 * no budget, the floor of a task that `currentTask()` can find.
 */
export function storageRun(): Pair {
  return {
    base: side(work),
    subject: side(() => storage.run({ node: 1 }, work)),
  };
}
