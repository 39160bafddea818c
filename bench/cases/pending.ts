import { createTask, type Task } from "../../mod.ts";
import {
  check,
  type Figures,
  heapInUse,
  nanosecondsEach,
  type Pair,
} from "../_measure.ts";

const COUNT = 100_000;
const REASON = new Error("stop");

interface Running {
  /** Cancels all and waits until all have ended; tells how many did. */
  stop(): Promise<number>;
}

function never(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => reject(signal.reason);
    // deno-lint-ignore mdc/no-leaked-abort-listener -- the signal ends with it
    signal.addEventListener("abort", stop, { once: true }); // eslint-disable-line mdc/no-leaked-abort-listener -- the signal ends with it
  });
}

async function platformBody(signal: AbortSignal): Promise<void> {
  await never(signal);
}

/** A set of controllers, a listener and a promise each. */
function platform(): Running {
  const live = new Set<AbortController>();
  const ends: Promise<void>[] = [];
  let ended = 0;
  for (let i = 0; i < COUNT; i++) {
    const controller = new AbortController();
    live.add(controller);
    const end = platformBody(controller.signal).catch(() => {
      ended++;
      live.delete(controller);
    });
    ends.push(end);
  }
  return {
    async stop() {
      for (const controller of [...live]) controller.abort(REASON);
      await Promise.all(ends);
      return ended;
    },
  };
}

/** Tasks under one parent, whose cancellation is theirs. */
function tasks(): Running {
  const all: Task<void>[] = [];
  const parent = createTask(async (context) => {
    for (let i = 0; i < COUNT; i++) {
      all.push(createTask(async (context) => {
        await context.sleep(Infinity);
      }));
    }
    await context.sleep(Infinity);
  });
  // Without the current-task context, the tasks hang on no parent.
  const ofParent = all[0]?.parent === parent;
  return {
    async stop() {
      parent.cancel(REASON);
      if (!ofParent) { for (const task of all) task.cancel(REASON); }
      let ended = 0;
      for (const task of all) {
        await task.catch(() => {});
        if (task.cancelled) ended++;
      }
      return ended;
    },
  };
}

/** The least that can be cancelled: a promise that others can reject. */
function rejectable(): Running {
  const rejects: ((error: Error) => void)[] = [];
  const ends: Promise<void>[] = [];
  let ended = 0;
  const body = async (): Promise<void> => {
    await new Promise<never>((_, reject) => rejects.push(reject));
  };
  for (let i = 0; i < COUNT; i++) {
    ends.push(
      body().catch(() => {
        ended++;
      }),
    );
  }
  return {
    async stop() {
      for (const reject of rejects) reject(REASON);
      await Promise.all(ends);
      return ended;
    },
  };
}

function side(start: () => Running): () => Promise<Figures> {
  return async () => {
    const before = heapInUse();
    const t0 = performance.now();
    const running = start();
    const t1 = performance.now();
    const bytes = (heapInUse() - before) / COUNT;
    const t2 = performance.now();
    const ended = await running.stop();
    const t3 = performance.now();
    check(ended === COUNT, `${ended} of ${COUNT} tasks were cancelled`);
    return {
      spawn: nanosecondsEach(t1 - t0, COUNT),
      cancel: nanosecondsEach(t3 - t2, COUNT),
      bytes,
    };
  };
}

/** 100,000 pending tasks ÷ one controller, listener and promise each. */
export function pending(): Pair {
  return { base: side(platform), subject: side(tasks) };
}

/** The same, with a bare promise each: no budget, a floor. */
export function rejectablePending(): Pair {
  return { base: side(platform), subject: side(rejectable) };
}
