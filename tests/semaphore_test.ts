import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { createTask, moveOnAfter, type Task } from "@mdc/tasks";
import { Lock, type Permit, Semaphore } from "@mdc/tasks/flow";
import { checkLeaks, untilIdle, withVirtualClock } from "@mdc/tasks/testing";
import { test } from "./_harness.ts";

/** A task that takes a permit, says so, and keeps it until it is told. */
function taker(
  semaphore: Semaphore,
  name: string,
  order: string[],
  weight = 1,
): Task<Permit> {
  return createTask(async () => {
    const permit = await semaphore.acquire({ weight });
    order.push(name);
    return permit;
  }, { name });
}

test("Semaphore lets as many in as it has permits, in order of arrival", async () => {
  const semaphore = new Semaphore(2);
  const order: string[] = [];
  const tasks = ["a", "b", "c", "d"].map((n) => taker(semaphore, n, order));
  await untilIdle();
  assertEquals(order, ["a", "b"]);
  assertEquals([semaphore.available, semaphore.waiting], [0, 2]);
  for (const task of tasks) {
    (await task).release();
    await untilIdle();
  }
  assertEquals(order, ["a", "b", "c", "d"]);
  assertEquals([semaphore.available, semaphore.waiting], [2, 0]);
});

test("Semaphore gives a released permit to who waits, not to who comes", async () => {
  const semaphore = new Semaphore(1);
  const order: string[] = [];
  const first = await semaphore.acquire();
  const waiting = taker(semaphore, "waits", order);
  await untilIdle();
  first.release();
  assertEquals(semaphore.tryAcquire(), undefined);
  const late = taker(semaphore, "late", order);
  (await waiting).release();
  (await late).release();
  assertEquals(order, ["waits", "late"]);
});

test("Semaphore keeps its order also if somebody behind needs less", async () => {
  const semaphore = new Semaphore(3);
  const order: string[] = [];
  const two = await semaphore.acquire({ weight: 2 });
  const all = taker(semaphore, "all", order, 3);
  const one = taker(semaphore, "one", order, 1);
  await untilIdle();
  assertEquals(order, []);
  two.release();
  (await all).release();
  (await one).release();
  assertEquals(order, ["all", "one"]);
  assertEquals(semaphore.available, 3);
});

test("Semaphore serves those behind when a heavy waiter is cancelled", async () => {
  const semaphore = new Semaphore(3);
  const order: string[] = [];
  const two = await semaphore.acquire({ weight: 2 });
  const all = taker(semaphore, "all", order, 3);
  const one = taker(semaphore, "one", order, 1);
  await untilIdle();
  all.cancel();
  await untilIdle();
  assertEquals(order, ["one"]);
  (await one).release();
  two.release();
  assertEquals([semaphore.available, semaphore.waiting], [3, 0]);
  await assertRejects(() => all);
});

test("Semaphore loses no permit when a waiter is cancelled in the tick in which it gets it", async () => {
  for (const first of ["grant", "cancel"]) {
    const semaphore = new Semaphore(1);
    const permit = await semaphore.acquire();
    let got: Permit | undefined;
    const task = createTask(async ({ checkpoint }) => {
      got = await semaphore.acquire();
      await checkpoint();
    });
    await untilIdle();
    if (first === "cancel") task.cancel();
    permit.release();
    if (first === "grant") task.cancel();
    await assertRejects(() => task);
    assert(got, `it has its permit (${first} first)`);
    assertEquals(semaphore.available, 0);
    got.release();
    assertEquals([semaphore.available, semaphore.waiting], [1, 0]);
  }
});

test("Semaphore refuses who was cancelled before, though there is a permit", async () => {
  const semaphore = new Semaphore(1);
  const signal = AbortSignal.abort(new Error("before"));
  await assertRejects(() => semaphore.acquire({ signal }), Error, "before");
  await assertRejects(
    () => semaphore.use(() => {}, { signal }),
    Error,
    "before",
  );
  assertEquals(semaphore.available, 1);
});

test("semaphore.acquire() is cut by the innermost scope", async () => {
  await withVirtualClock(async (clock) => {
    const semaphore = new Semaphore(1);
    const permit = await semaphore.acquire();
    const value = await createTask(() =>
      moveOnAfter(10, () => semaphore.acquire().then(() => "got it"), {
        fallback: "gave up",
      })
    );
    assertEquals([value, clock.now], ["gave up", 10]);
    assertEquals([semaphore.waiting, clock.timers], [0, 0]);
    permit.release();
    assertEquals(semaphore.available, 1);
  });
});

test("semaphore.use() gives the value, and releases whatever happens", async () => {
  const semaphore = new Semaphore(1);
  assertEquals(await semaphore.use(() => 1), 1);
  const thrown = new Error("no");
  const caught = await semaphore.use(() => {
    throw thrown;
  }).catch((error) => error);
  assertStrictEquals(caught, thrown);
  const task = createTask(({ sleep }) =>
    semaphore.use(() => sleep(60_000), { weight: 1 })
  );
  await untilIdle();
  assertEquals(semaphore.available, 0);
  task.cancel();
  await assertRejects(() => task);
  assertEquals(semaphore.available, 1);
});

test("permit.release() gives back once, and so does its disposal", async () => {
  const semaphore = new Semaphore(2);
  const permit = await semaphore.acquire();
  permit.release();
  permit.release();
  permit[Symbol.dispose]();
  assertEquals(semaphore.available, 2);
  (await semaphore.acquire())[Symbol.dispose]();
  assertEquals(semaphore.available, 2);
});

test("a wait for a permit that nobody awaits is no unhandled rejection when cancelled", async () => {
  await checkLeaks(async () => {
    const semaphore = new Semaphore(1);
    await semaphore.acquire();
    const controller = new AbortController();
    const { signal } = controller;
    void semaphore.acquire({ signal });
    void semaphore.use(() => {}, { signal });
    await untilIdle();
    controller.abort(new Error("a reason of its own"));
    await untilIdle();
    assertEquals(semaphore.waiting, 0);
  });
});

test("Semaphore serves 100,000 waiters without a timer, whoever is cancelled", async () => {
  await withVirtualClock(async (clock) => {
    const semaphore = new Semaphore(1);
    const permit = await semaphore.acquire();
    const controllers = [new AbortController(), new AbortController()];
    let [served, cancelled] = [0, 0];
    const waits = Array.from(
      { length: 100_000 },
      (_, index) =>
        semaphore.acquire({ signal: controllers[index % 2]! }).then(
          (permit) => {
            served++;
            permit.release();
          },
          () => cancelled++,
        ),
    );
    assertEquals([semaphore.waiting, clock.timers], [100_000, 0]);
    controllers[1]!.abort();
    await untilIdle();
    permit.release();
    await Promise.all(waits);
    assertEquals([served, cancelled], [50_000, 50_000]);
    assertEquals([semaphore.available, semaphore.waiting], [1, 0]);
  });
});

test("Semaphore refuses wrong arguments at the door", () => {
  const make = (permits: unknown) => () => new Semaphore(permits as number);
  const semaphore = new Semaphore(3);
  const acquire = (options: unknown) => () =>
    void semaphore.acquire(options as { weight: number });
  const expected = "a whole number from 1 on";
  const from1to3 = "a whole number from 1 to 3";
  const wrong: [() => unknown, string][] = [
    [make(0), `the permits of a Semaphore: expected ${expected}, received 0`],
    [
      make(1.5),
      `the permits of a Semaphore: expected ${expected}, received 1.5`,
    ],
    [
      make("2"),
      `the permits of a Semaphore: expected ${expected}, received "2"`,
    ],
    [
      make(Infinity),
      `the permits of a Semaphore: expected ${expected}, received Infinity`,
    ],
    [acquire({ weight: 4 }), `weight: expected ${from1to3}, received 4`],
    [acquire({ weight: 0 }), `weight: expected ${from1to3}, received 0`],
    [
      acquire({ weights: 1 }),
      'unknown option "weights"; did you mean "weight"?',
    ],
    [
      acquire({ signal: 1 }),
      "the signal of semaphore.acquire(): expected an AbortSignal",
    ],
    [
      () => semaphore.tryAcquire({ weight: 9 }),
      `weight: expected ${from1to3}, received 9`,
    ],
    [
      () => void semaphore.use(1 as never),
      "the body of semaphore.use(): expected a function, received 1",
    ],
  ];
  for (const [call, message] of wrong) assertThrows(call, Error, message);
  assertEquals([semaphore.available, semaphore.waiting], [3, 0]);
});

test("Lock has one holder, in order of arrival, and knows whether it has one", async () => {
  const lock = new Lock();
  const order: number[] = [];
  assertEquals(lock.locked, false);
  const works = [1, 2, 3].map((number) =>
    lock.use(async () => {
      order.push(number);
      await untilIdle();
      order.push(-number);
    })
  );
  assertEquals([lock.locked, lock.tryAcquire()], [true, undefined]);
  await untilIdle();
  assertEquals(lock.waiting, 2);
  await Promise.all(works);
  assertEquals(order, [1, -1, 2, -2, 3, -3]);
  lock.tryAcquire()?.release();
  assertEquals(lock.locked, false);
});

test("lock.use() refuses a body that is none", () => {
  const lock = new Lock();
  assertThrows(() => void lock.use({} as never), TypeError, "lock.use()");
  assertEquals(lock.locked, false);
});
