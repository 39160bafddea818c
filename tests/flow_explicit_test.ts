/** Every wait of `@mdc/tasks/flow` where the current task isn't known. */
import { assertEquals, assertRejects } from "@std/assert";
import {
  configure,
  createTask,
  type LostContext,
  type TaskContext,
} from "@mdc/tasks";
import {
  Channel,
  debounce,
  every,
  KeyedLimiter,
  Lock,
  pipe,
  Pool,
  RateLimiter,
  retry,
  select,
  Semaphore,
} from "@mdc/tasks/flow";
import { withVirtualClock } from "@mdc/tasks/testing";
import { withoutContext } from "./_probes.ts";
import { test } from "./_harness.ts";

/** A wait that nobody ever ends, and whether it has left something behind. */
interface Hanging {
  readonly wait: (of: Taken, signal: TaskContext) => Promise<unknown>;
  readonly left?: (of: Taken) => number;
}

/** Everything that can be waited for, of which everything is taken. */
async function exhausted() {
  const signal = null;
  const made = {
    semaphore: new Semaphore(1),
    lock: new Lock(),
    keyed: new KeyedLimiter<string>(1),
    channel: new Channel<number>(),
    rate: new RateLimiter({ limit: 1, interval: 60_000 }),
    pool: new Pool({ create: () => 1, max: 1 }),
  };
  await made.semaphore.acquire({ signal });
  await made.lock.acquire({ signal });
  await made.keyed.acquire("a", { signal });
  await made.rate.acquire({ signal });
  await made.pool.acquire({ signal });
  return made;
}

type Taken = Awaited<ReturnType<typeof exhausted>>;

const HANGING: Readonly<Record<string, Hanging>> = {
  "semaphore.acquire()": {
    wait: (of, signal) => of.semaphore.acquire({ signal }),
    left: (of) => of.semaphore.waiting,
  },
  "semaphore.use()": {
    wait: (of, signal) => of.semaphore.use(() => {}, { signal }),
    left: (of) => of.semaphore.waiting,
  },
  "lock.use()": {
    wait: (of, signal) => of.lock.use(() => {}, { signal }),
    left: (of) => of.lock.waiting,
  },
  "limiter.use() of a key": {
    wait: (of, signal) => of.keyed.use("a", () => {}, { signal }),
  },
  "limiter.acquire() of a rate": {
    wait: (of, signal) => of.rate.acquire({ signal }),
  },
  "pool.use()": {
    wait: (of, signal) => of.pool.use(() => {}, { signal }),
    left: (of) => of.pool.waiting,
  },
  "channel.receive()": {
    wait: (of, signal) => of.channel.receive({ signal }),
    left: (of) => of.channel.waitingReceivers,
  },
  "channel.send()": {
    wait: (of, signal) => of.channel.send(1, { signal }),
    left: (of) => of.channel.waitingSenders,
  },
  "channel.values()": {
    wait: (of, signal) => of.channel.values({ signal }).next(),
    left: (of) => of.channel.waitingReceivers,
  },
  "select()": {
    wait: (of, signal) =>
      select({ channel: of.channel, late: 600_000 }, { signal }),
    left: (of) => of.channel.waitingReceivers,
  },
  "pipe()": {
    wait: (of, signal) => pipe(of.channel, new Channel<number>(), { signal }),
    left: (of) => of.channel.waitingReceivers,
  },
  "retry()": {
    wait: (_, signal) =>
      retry(() => {
        throw new Error("no");
      }, { signal, delay: 600_000, maxDelay: 600_000 }),
  },
  "every()": { wait: (_, signal) => every(600_000, () => {}, { signal }) },
};

for (const [name, { wait, left = () => 0 }] of Object.entries(HANGING)) {
  test(`without task context: ${name} ends with the context it is given`, async () => {
    const lost: string[] = [];
    const before = configure({
      onLostContext: ({ what }: LostContext) => void lost.push(what),
    });
    try {
      await withoutContext(() =>
        withVirtualClock(async (clock) => {
          const of = await exhausted();
          const timers = clock.timers;
          const task = createTask(async (context) => {
            await context.checkpoint();
            await wait(of, context);
          });
          await clock.idle();
          task.cancel("enough");
          await assertRejects(() => task, Error, "enough");
          await clock.idle();
          assertEquals([task.status, left(of)], ["cancelled", 0]);
          assertEquals(clock.timers, timers);
        }, { autoAdvance: false })
      );
      assertEquals(lost, []);
    } finally {
      configure({ onLostContext: before.onLostContext });
    }
  });
}

test("without task context: debounce() belongs to the parent it is given", async () => {
  await withoutContext(() =>
    withVirtualClock(async (clock) => {
      const calls: string[] = [];
      const task = createTask(async (context) => {
        await context.checkpoint();
        const save = debounce((text: string) => void calls.push(text), 100, {
          parent: context,
        });
        save("first");
        await context.sleep(150);
        save("second");
        await context.sleep(60_000);
      });
      await clock.advance(200);
      task.cancel();
      await assertRejects(() => task);
      await clock.idle();
      assertEquals([calls, clock.timers], [["first"], 0]);
    }, { autoAdvance: false })
  );
});
