import {
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  allTasks,
  cancelAndWait,
  createTask,
  moveOnAfter,
  sleep,
  type TaskContext,
} from "@mdc/tasks";
import { every, type EveryOptions, type Tick } from "@mdc/tasks/flow";
import { checkLeaks, withVirtualClock } from "@mdc/tasks/testing";
import { setClock } from "../src/core/clock.ts";
import { test } from "./_harness.ts";

/** Calls for a second whose body takes a time; when they were, and their ticks. */
function ticking(
  ms: number,
  options: EveryOptions,
  takes: (index: number) => number = () => 0,
): Promise<{ at: number[]; ticks: Tick[] }> {
  return withVirtualClock(async (clock) => {
    const at: number[] = [];
    const ticks: Tick[] = [];
    await moveOnAfter(1050, () =>
      every(ms, async ({ sleep }, tick) => {
        at.push(clock.now);
        ticks.push(tick);
        await sleep(takes(tick.index));
      }, options));
    await clock.idle();
    assertEquals(clock.timers, 0);
    return { at, ticks };
  });
}

test("every() calls its body each interval, without drift", async () => {
  const { at } = await ticking(200, {}, () => 150);
  assertEquals(at, [200, 400, 600, 800, 1000]);
});

test("every() begins at once if it is told to", async () => {
  const { at, ticks } = await ticking(500, { immediate: true });
  assertEquals(at, [0, 500, 1000]);
  assertEquals(ticks.map(({ index }) => index), [0, 1, 2]);
});

test("every() leaves out calls that are due while one runs, and keeps its grid", async () => {
  const { at, ticks } = await ticking(100, {}, (i) => i === 1 ? 250 : 10);
  assertEquals(at, [100, 200, 500, 600, 700, 800, 900, 1000]);
  assertEquals(ticks[2], { index: 4, due: 500, skipped: 2 });
});

test("every() queues calls that are due while one runs", async () => {
  const { at, ticks } = await ticking(
    200,
    { overlap: "queue" },
    (i) => i === 0 ? 450 : 10,
  );
  assertEquals(at, [200, 650, 660, 800, 1000]);
  assertEquals(ticks.map(({ due }) => due), [200, 400, 600, 800, 1000]);
});

test("every() calls in parallel", async () => {
  const { at } = await ticking(200, { overlap: "parallel" }, () => 900);
  assertEquals(at, [200, 400, 600, 800, 1000]);
});

/** The times that calls were due at, when the machine sleeps for 250 ms. */
function asleep(options: EveryOptions): Promise<Tick[]> {
  return withVirtualClock(async () => {
    const inner = setClock(undefined)!;
    let lost = 0;
    setClock({
      now: () => inner.now() + lost,
      epoch: () => inner.epoch(),
      schedule: (callback, ms) => inner.schedule(callback, ms),
      yield: (callback) => inner.yield(callback),
    });
    // Between the first and the second call.
    inner.schedule(() => lost = 250, 150);
    try {
      const ticks: Tick[] = [];
      const controller = new AbortController();
      const loop = every(100, (_, tick) => {
        ticks.push(tick);
        if (tick.due >= 600) controller.abort();
      }, { ...options, signal: controller.signal });
      await assertRejects(() => loop);
      return ticks;
    } finally {
      setClock(inner);
    }
  });
}

test("every() leaves out what was missed while nothing could run", async () => {
  assertEquals(await asleep({}), [
    { index: 0, due: 100, skipped: 0 },
    { index: 3, due: 400, skipped: 2 },
    { index: 4, due: 500, skipped: 0 },
    { index: 5, due: 600, skipped: 0 },
  ]);
});

test("every() makes up for what was missed, if it is told to", async () => {
  for (const overlap of ["skip", "queue", "parallel"] as const) {
    const ticks = await asleep({ missed: "run", overlap });
    const due = ticks.map(({ due }) => due);
    assertEquals(due, [100, 200, 300, 400, 500, 600], overlap);
  }
});

test("every() runs each call as a task with a name and a number", async () => {
  await withVirtualClock(async () => {
    const names: string[] = [];
    await moveOnAfter(
      250,
      () =>
        every(100, function poll(context: TaskContext) {
          names.push(context.name, ...allTasks().map(({ name }) => name));
        }),
    );
    assertEquals(names, ["poll #0", "poll #0", "poll #1", "poll #1"]);
  });
});

test("every() whose body never ends is known by its name", async () => {
  await withVirtualClock(async () => {
    await checkLeaks(async () => {
      const loop = createTask(() =>
        every(100, () => new Promise<void>(() => {}), { name: "beat" })
      );
      await sleep(1000);
      assertEquals(
        allTasks().map(({ name }) => name).includes("beat #0"),
        true,
      );
      await cancelAndWait(loop, { timeout: 10 });
      assertEquals(loop.status, "cancelling");
    }).catch((error) => {
      assertEquals(/task "beat #0"/.test(error.message), true);
    });
  });
});

test("every() rejects with what its body throws", async () => {
  const thrown = new Error("no");
  for (const overlap of ["skip", "queue", "parallel"] as const) {
    await withVirtualClock(async (clock) => {
      const error = await every(100, () => {
        throw thrown;
      }, { overlap }).catch((error) => error);
      assertStrictEquals(error, thrown);
      assertEquals([clock.now, clock.timers], [100, 0]);
    });
  }
});

test("every() ends with its cancellation, and so does the call that runs", async () => {
  for (const overlap of ["skip", "queue", "parallel"] as const) {
    await withVirtualClock(async (clock) => {
      const ends: string[] = [];
      const task = createTask(() =>
        every(100, async ({ sleep }) => {
          try {
            await sleep(60_000);
          } finally {
            ends.push("cleaned up");
          }
        }, { overlap })
      );
      await sleep(150);
      task.cancel("enough");
      await assertRejects(() => task, Error, "enough");
      assertEquals([task.status, ends], ["cancelled", ["cleaned up"]]);
      assertEquals(clock.timers, 0);
    });
  }
});

test("every() takes a signal, where no task is known", async () => {
  await withVirtualClock(async () => {
    const controller = new AbortController();
    let calls = 0;
    const loop = every(100, () => {
      if (++calls === 3) controller.abort(new Error("enough"));
    }, { signal: controller.signal });
    await assertRejects(() => loop, Error, "enough");
    assertEquals(calls, 3);
  });
});

test("every() refuses wrong arguments at the door", () => {
  const body = () => {};
  const wrong: [unknown, unknown, unknown, string][] = [
    [
      0,
      body,
      {},
      "the interval of every(): expected a finite number of milliseconds above 0, received 0",
    ],
    [Infinity, body, {}, "received Infinity"],
    ["1", body, {}, 'received "1"'],
    [1, 2, {}, "the body of every(): expected a function, received 2"],
    [
      1,
      body,
      { overlap: "drop" },
      'overlap: expected "skip" or "queue" or "parallel", received "drop"',
    ],
    [
      1,
      body,
      { missed: true },
      'missed: expected "skip" or "run", received true',
    ],
    [
      1,
      body,
      { immediate: 1 },
      "immediate: expected true or false, received 1",
    ],
    [1, body, { name: 1 }, "name: expected a string, received 1"],
    [1, body, { leading: true }, 'unknown option "leading"'],
  ];
  for (const [ms, call, options, message] of wrong) {
    assertThrows(
      () =>
        void every(ms as number, call as () => void, options as EveryOptions),
      Error,
      message,
    );
  }
});
