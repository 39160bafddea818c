import {
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  configure,
  createTask,
  InvalidStateError,
  moveOnAfter,
  sleep,
} from "@mdc/tasks";
import { type Lease, Pool, type PoolOptions } from "@mdc/tasks/flow";
import { untilIdle, withVirtualClock } from "@mdc/tasks/testing";
import { test } from "./_harness.ts";

/** A pool of numbers, and what became of them. */
function numbers(options: Partial<PoolOptions<number>> = {}): {
  pool: Pool<number>;
  closed: number[];
  made: () => number;
} {
  let made = 0;
  const closed: number[] = [];
  const pool = new Pool<number>({
    create: () => ++made,
    destroy: (number) => void closed.push(number),
    ...options,
  });
  return { pool, closed, made: () => made };
}

/** What nobody looked at while `body` ran. */
async function unobserved(body: () => Promise<void>): Promise<string[]> {
  const told: string[] = [];
  const before = configure({
    onUnobservedFailure: ({ name, error }) => {
      told.push(`${name}: ${(error as Error).message}`);
    },
  });
  try {
    await createTask(body);
    await untilIdle();
  } finally {
    configure(before);
  }
  return told;
}

test("Pool makes resources when they are needed, at most max, and keeps them", async () => {
  const { pool, made } = numbers({ max: 2 });
  const order: string[] = [];
  const works = ["a", "b", "c", "d"].map((name) =>
    pool.use(async (number) => {
      order.push(`${name}${number}`);
      await untilIdle();
    })
  );
  await untilIdle();
  assertEquals([pool.size, pool.idle], [2, 0]);
  await Promise.all(works);
  assertEquals(order.map((text) => text[0]), ["a", "b", "c", "d"]);
  assertEquals([made(), pool.size, pool.idle, pool.waiting], [2, 2, 2, 0]);
});

test("pool.use() gives the value of its body, and the resource back whatever happens", async () => {
  const { pool, made } = numbers({ max: 1 });
  assertEquals(await pool.use((number) => number * 10), 10);
  const thrown = new Error("no");
  const error = await pool.use(() => {
    throw thrown;
  }).catch((error) => error);
  assertStrictEquals(error, thrown);
  assertEquals([pool.idle, made()], [1, 1]);
});

test("Pool closes what was idle for too long, and has no timer without it", async () => {
  await withVirtualClock(async (clock) => {
    const { pool, closed } = numbers({ idle: 1000 });
    const leases: Lease<number>[] = [
      await pool.acquire(),
      await pool.acquire(),
    ];
    assertEquals(clock.timers, 0);
    leases[0]!.release();
    await clock.advance(600);
    leases[1]!.release();
    await clock.advance(400);
    assertEquals([closed, pool.size], [[1], 1]);
    const again = await pool.acquire();
    await clock.idle();
    assertEquals([again.value, clock.timers], [2, 0]);
    again.release();
    await clock.advance(1000);
    assertEquals([closed, pool.size, clock.timers], [[1, 2], 0, 0]);
  }, { autoAdvance: false });
});

test("Pool closes what isn't good any more, and takes another", async () => {
  const { pool, closed, made } = numbers({
    validate: (number) => Promise.resolve(number !== 1),
  });
  await pool.use(() => {});
  assertEquals(await pool.use((number) => number), 2);
  assertEquals([closed, made(), pool.size], [[1], 2, 1]);
});

test("Pool passes on what validate throws, and closes that resource", async () => {
  const { pool, closed } = numbers({
    validate: () => {
      throw new Error("broken check");
    },
  });
  await pool.use(() => {});
  await assertRejects(() => pool.use(() => {}), Error, "broken check");
  await untilIdle();
  assertEquals([closed, pool.size], [[1], 0]);
});

test("Pool whose create always fails rejects each call, and nobody hangs", async () => {
  const { pool } = numbers({
    max: 1,
    create: () => {
      throw new Error("no connection");
    },
  });
  const calls = [1, 2, 3].map(() => pool.acquire());
  for (const call of calls) {
    await assertRejects(() => call, Error, "no connection");
  }
  assertEquals([pool.size, pool.waiting], [0, 0]);
});

test("Pool makes a resource in the scope of who waits for it", async () => {
  await withVirtualClock(async (clock) => {
    const { pool } = numbers({
      max: 1,
      create: ({ sleep }) => sleep(60_000).then(() => 1),
    });
    const value = await moveOnAfter(
      10,
      () => pool.acquire().then(() => "got"),
      {
        fallback: "cut",
      },
    );
    assertEquals([value, pool.size, clock.timers], ["cut", 0, 0]);
    const controller = new AbortController();
    const explicit = pool.acquire(controller);
    controller.abort(new Error("enough"));
    await assertRejects(() => explicit, Error, "enough");
    assertEquals([pool.size, clock.timers], [0, 0]);
  });
});

test("Pool keeps no place for a waiter that is cancelled", async () => {
  const { pool } = numbers({ max: 1 });
  const lease = await pool.acquire();
  const impatient = createTask(() => pool.acquire());
  const patient = createTask(() => pool.acquire());
  await untilIdle();
  impatient.cancel();
  await assertRejects(() => impatient);
  assertEquals(pool.waiting, 1);
  lease.release();
  lease.release();
  assertEquals((await patient).value, 1);
  assertEquals([pool.size, pool.idle], [1, 0]);
});

test("Pool loses no resource when a waiter is cancelled in the tick in which it gets one", async () => {
  for (const first of ["release", "cancel"]) {
    const { pool } = numbers({ max: 1 });
    const lease = await pool.acquire();
    let got: Lease<number> | undefined;
    const task = createTask(async ({ checkpoint }) => {
      got = await pool.acquire();
      await checkpoint();
    });
    await untilIdle();
    if (first === "cancel") task.cancel();
    lease.release();
    if (first === "release") task.cancel();
    await assertRejects(() => task);
    assertEquals(got?.value, 1, first);
    got!.release();
    assertEquals([pool.size, pool.idle], [1, 1]);
  }
});

test("lease.discard() closes the resource; the next who waits gets a new one", async () => {
  const { pool, closed } = numbers({ max: 1 });
  const lease = await pool.acquire();
  const next = pool.acquire();
  lease.discard();
  lease.release();
  assertEquals((await next).value, 2);
  assertEquals(closed, [1]);
});

test("pool.close() refuses who waits, and waits for what is lent", async () => {
  const { pool, closed } = numbers({ max: 2 });
  const [one, two] = [await pool.acquire(), await pool.acquire()];
  const waiting = pool.acquire();
  one.release();
  const third = await waiting;
  const refused = pool.acquire();
  let over = false;
  const closing = pool.close().then(() => over = true);
  const error = await assertRejects(() => refused, InvalidStateError);
  assertEquals(error.message, 'Cannot acquire from pool "pool": it is closed');
  await assertRejects(() => pool.acquire(), InvalidStateError);
  two.release();
  await untilIdle();
  assertEquals([over, closed], [false, [2]]);
  third[Symbol.dispose]();
  await closing;
  assertEquals([closed, pool.size], [[2, 1], 0]);
  await pool[Symbol.asyncDispose]();
});

test("pool.close() works in the finally of a cancelled task, for a bounded time", async () => {
  await withVirtualClock(async (clock) => {
    const { pool, closed } = numbers({ grace: 100 });
    const task = createTask(async () => {
      try {
        await pool.use(() => sleep(60_000));
      } finally {
        await pool.close();
      }
    });
    await sleep(1);
    task.cancel();
    await assertRejects(() => task);
    assertEquals([task.status, closed], ["cancelled", [1]]);
    const stuck = numbers({ grace: 100 });
    await stuck.pool.acquire();
    const closing = createTask(() => stuck.pool.close());
    closing.cancel("enough");
    const before = clock.now;
    await assertRejects(() => closing, Error, "enough");
    assertEquals(clock.now - before, 100);
  });
});

test("Pool tells its owner of a resource that can't be closed, or not in time", async () => {
  await withVirtualClock(async () => {
    const told = await unobserved(async () => {
      const broken = numbers({
        name: "broken",
        destroy: () => {
          throw new Error("no");
        },
      });
      const slow = numbers({
        name: "slow",
        destroy: () => new Promise(() => {}),
        grace: 50,
      });
      for (const { pool } of [broken, slow]) {
        await pool.use(() => {});
        await pool.close();
      }
    });
    assertEquals(told, [
      "broken: close: no",
      "slow: close: Timed out after 50 ms",
    ]);
  });
});

test("Pool refuses wrong arguments at the door", () => {
  const create = () => 1;
  const wrong: [unknown, string][] = [
    [{}, "create: expected a function, received undefined"],
    [{ create, destroy: 1 }, "destroy: expected a function, received 1"],
    [{ create, validate: 1 }, "validate: expected a function, received 1"],
    [{ create, max: 0 }, "max: expected a whole number from 1 on, received 0"],
    [
      { create, idle: -1 },
      "idle: expected 0 or more milliseconds, received -1",
    ],
    [
      { create, grace: "1" },
      'grace: expected 0 or more milliseconds, received "1"',
    ],
    [{ create, name: 1 }, "name: expected a string, received 1"],
    [{ create, min: 1 }, 'unknown option "min"'],
  ];
  for (const [options, message] of wrong) {
    const make = () => new Pool(options as PoolOptions<number>);
    assertThrows(make, Error, message);
  }
  const pool = new Pool({ create });
  assertThrows(() => void pool.use(1 as never), TypeError, "pool.use()");
  const unknown = { timeout: 1 } as object;
  assertThrows(() => void pool.acquire(unknown), TypeError, '"timeout"');
});
