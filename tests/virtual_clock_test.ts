import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  cancelAndWait,
  checkpoint,
  createTask,
  Progress,
  sleep,
  TaskTracker,
  waitForOutcome,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { slowCleanup, stubborn } from "./_bodies.ts";
import { test } from "./_harness.ts";

const MANUAL = { autoAdvance: false };

/** The clock that the library uses, told by a progress. */
function timeOf(progress: Progress): number {
  return progress.elapsed;
}

test("withVirtualClock() gives what its body returns", async () => {
  assertEquals(await withVirtualClock(() => 7), 7);
  assertEquals(await withVirtualClock(() => Promise.resolve("x")), "x");
});

test("withVirtualClock() starts at 0 with no timer", async () => {
  await withVirtualClock((clock) => {
    assertEquals([clock.now, clock.timers], [0, 0]);
  });
});

test("withVirtualClock() lets a day pass in no time", async () => {
  const started = performance.now();
  await withVirtualClock(async (clock) => {
    await sleep(86_400_000);
    assertEquals(clock.now, 86_400_000);
  });
  assert(performance.now() - started < 10_000);
});

test("withVirtualClock() fires timers in the order of their time, ties in the order of arming", async () => {
  const order: string[] = [];
  await withVirtualClock(async () => {
    const nap = (ms: number, name: string) =>
      sleep(ms).then(() => order.push(name));
    await Promise.all([
      nap(30, "30"),
      nap(10, "10 a"),
      nap(20, "20"),
      nap(10, "10 b"),
      nap(0, "0"),
      nap(10, "10 c"),
    ]);
  });
  assertEquals(order, ["0", "10 a", "10 b", "10 c", "20", "30"]);
});

test("withVirtualClock() fires timers that are armed by timers at their time", async () => {
  await withVirtualClock(async (clock) => {
    const seen: number[] = [];
    const chain = async () => {
      for (let i = 0; i < 3; i++) {
        await sleep(10);
        seen.push(clock.now);
      }
    };
    await Promise.all([chain(), sleep(15).then(() => seen.push(clock.now))]);
    assertEquals(seen, [10, 15, 20, 30]);
  });
});

test("withVirtualClock() lets everything react to a timer before the next", async () => {
  await withVirtualClock(async (clock) => {
    const seen: string[] = [];
    const late = sleep(20).then(() => seen.push(`late ${clock.now}`));
    await sleep(10);
    for (let i = 0; i < 50; i++) await null;
    await checkpoint();
    seen.push(`early ${clock.now}`);
    await late;
    assertEquals(seen, ["early 10", "late 20"]);
  });
});

test("withVirtualClock() stands still without autoAdvance", async () => {
  await withVirtualClock(async (clock) => {
    let woken = false;
    const nap = sleep(10).then(() => woken = true);
    await clock.idle();
    assertEquals([clock.now, woken, clock.timers], [0, false, 1]);
    await clock.advance(10);
    assertEquals([clock.now, woken, clock.timers], [10, true, 0]);
    await nap;
  }, MANUAL);
});

test("VirtualClock.advance() fires what comes due, and nothing else", async () => {
  await withVirtualClock(async (clock) => {
    const seen: string[] = [];
    const naps = [5, 10, 11].map((ms) =>
      sleep(ms).then(() => seen.push(`${ms} at ${clock.now}`))
    );
    await clock.advance(10);
    assertEquals(seen, ["5 at 5", "10 at 10"]);
    assertEquals(clock.now, 10);
    await clock.advance(1);
    assertEquals(seen.at(-1), "11 at 11");
    await Promise.all(naps);
  }, MANUAL);
});

test("VirtualClock.advance() fires timers that are armed on the way", async () => {
  await withVirtualClock(async (clock) => {
    let ticks = 0;
    const ticker = createTask(async ({ sleep }) => {
      for (;;) {
        await sleep(10);
        ticks++;
      }
    });
    await clock.advance(95);
    assertEquals([ticks, clock.now], [9, 95]);
    await clock.advance(5);
    assertEquals(ticks, 10);
    await cancelAndWait(ticker);
  }, MANUAL);
});

test("VirtualClock.advance() by 0 fires what is due now", async () => {
  await withVirtualClock(async (clock) => {
    let woken = false;
    const nap = sleep(0).then(() => woken = true);
    await clock.advance(0);
    assertEquals([woken, clock.now], [true, 0]);
    await nap;
  }, MANUAL);
});

test("VirtualClock.now never goes back when time advances by itself and by hand", async () => {
  await withVirtualClock(async (clock) => {
    const nap = sleep(1000);
    const advanced = clock.advance(10);
    await nap;
    assertEquals(clock.now, 1000);
    await advanced;
    assert(clock.now >= 1000);
  });
});

test("VirtualClock.idle() waits for reactions and checkpoints, not for timers", async () => {
  await withVirtualClock(async (clock) => {
    let steps = 0;
    const work = createTask(async ({ checkpoint }) => {
      for (; steps < 20; steps++) await checkpoint();
    });
    const nap = createTask(({ sleep }) => sleep(1000));
    await clock.idle();
    assertEquals([steps, work.done, nap.done], [20, true, false]);
    await cancelAndWait(nap);
  }, MANUAL);
});

test("VirtualClock.timers counts what is armed", async () => {
  await withVirtualClock(async (clock) => {
    const tasks = [1, 2, Infinity].map((ms) =>
      createTask(({ sleep }) => sleep(ms))
    );
    assertEquals(clock.timers, 2);
    const wait = waitForOutcome(tasks[2]!, { timeout: 50 });
    assertEquals(clock.timers, 3);
    await Promise.all(tasks.map((task) => cancelAndWait(task)));
    await wait;
    assertEquals(clock.timers, 0);
  }, MANUAL);
});

test("withVirtualClock() starts the epoch where it is told", async () => {
  await withVirtualClock(async (clock) => {
    await clock.advance(500);
    const task = createTask(() => sleep(Infinity));
    await cancelAndWait(task);
    assertEquals(task.reason?.at, 1_000_500);
  }, { autoAdvance: false, epoch: 1_000_000 });
});

test("withVirtualClock() rules timeouts, grace, deadlines and progress", async () => {
  await withVirtualClock(async (clock) => {
    const progress = new Progress();
    const task = createTask(stubborn(10_000));
    const outcome = await waitForOutcome(task, { timeout: 100, grace: 400 });
    assertEquals([outcome.status, clock.now], ["timed-out", 500]);
    assertEquals((await cancelAndWait(task, { timeout: 300 })).elapsed, 300);
    const tracker = new TaskTracker();
    tracker.spawn(slowCleanup(50));
    const { tasks } = await tracker.cancelAll();
    assertEquals(tasks[0]?.elapsed, 50);
    assertEquals(timeOf(progress), 850);
    await task;
  });
});

test("withVirtualClock() puts the former clock back", async () => {
  await withVirtualClock(() => sleep(1_000_000));
  const progress = new Progress();
  await sleep(1);
  assert(timeOf(progress) < 60_000);
});

test("withVirtualClock() puts the former clock back when its body throws", async () => {
  const error = new Error("test failed");
  const thrown = await assertRejects(() =>
    withVirtualClock(() => {
      throw error;
    })
  );
  assertStrictEquals(thrown, error);
  await assertRejects(() => withVirtualClock(() => Promise.reject(error)));
  await sleep(1);
  await withVirtualClock(() => sleep(1000));
});

test("withVirtualClock() ends what sleeps at its end", async () => {
  let task;
  await withVirtualClock(() => {
    task = createTask(({ sleep }) => sleep(60_000));
  });
  await task;
});

test("W21: withVirtualClock() gives the same transcript each time", async () => {
  const transcript = () =>
    withVirtualClock(async (clock) => {
      const lines: string[] = [];
      const tracker = new TaskTracker();
      for (const seconds of [2, 3, 4, 5, 6]) {
        tracker.spawn(async ({ sleep }) => {
          await sleep(seconds * 1000);
          lines.push(`${clock.now} task ${seconds} completed`);
        }, { name: `task ${seconds}` });
      }
      await sleep(3000);
      lines.push(`${clock.now} tracked: ${tracker.size}`);
      const { tasks } = await tracker.cancelAll();
      for (const { name, status } of tasks) {
        lines.push(`${clock.now} ${name} ${status}`);
      }
      return lines;
    });
  const first = await transcript();
  assertEquals(first, [
    "2000 task 2 completed",
    "3000 task 3 completed",
    "3000 tracked: 3",
    "3000 task 4 cancelled",
    "3000 task 5 cancelled",
    "3000 task 6 cancelled",
  ]);
  for (let i = 0; i < 5; i++) assertEquals(await transcript(), first);
});
