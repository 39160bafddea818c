import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  type CancelAllOptions,
  createTask,
  sleep,
  TaskTracker,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { failsInCleanup, slowCleanup, stubborn } from "./_bodies.ts";
import { test } from "./_harness.ts";

const forever = () => sleep(Infinity);

// cancelAll(): the wait

test("W12: TaskTracker.cancelAll() takes one timeout for four stubborn tasks", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    for (const name of ["a", "b", "c", "d"]) {
      tracker.spawn(stubborn(60_000), { name });
    }
    const report = await tracker.cancelAll({ timeout: 200 });
    assertEquals(clock.now, 200);
    assertEquals([report.succeeded, report.failed], [0, 4]);
    assertEquals(
      report.tasks.map(({ name, status, elapsed, since }) => ({
        name,
        status,
        elapsed,
        since,
      })),
      ["a", "b", "c", "d"].map((name) => ({
        name,
        status: "stuck" as const,
        elapsed: 200,
        since: 0,
      })),
    );
    await tracker.drain();
  });
});

test("TaskTracker.cancelAll() cancels all tasks before it returns its promise", async () => {
  const tracker = new TaskTracker();
  const tasks = [1, 2, 3].map(() => tracker.spawn(forever));
  const swept = tracker.cancelAll();
  assert(tasks.every(({ cancelRequested }) => cancelRequested));
  await swept;
});

test("TaskTracker.cancelAll() ends as soon as the last task does", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    for (const ms of [30, 10, 20]) tracker.spawn(slowCleanup(ms));
    await tracker.cancelAll({ timeout: 1000 });
    assertEquals(clock.now, 30);
    assertEquals(clock.timers, 0);
  });
});

test("W12: TaskTracker.cancelAll() reports in the order of addition, whatever ends first", async () => {
  await withVirtualClock(async () => {
    const tracker = new TaskTracker();
    const error = new Error("cleanup broke");
    tracker.spawn(slowCleanup(30), { name: "slow" });
    tracker.spawn(forever, { name: "quick" });
    tracker.spawn(failsInCleanup(error), { name: "broken" });
    tracker.spawn(stubborn(40), { name: "deaf" });
    tracker.spawn(stubborn(5000), { name: "stuck" });
    const report = await tracker.cancelAll({ timeout: 100, reason: "exit" });
    assertEquals(
      report.tasks.map(({ name, status, elapsed }) => [name, status, elapsed]),
      [
        ["slow", "cancelled", 30],
        ["quick", "cancelled", 0],
        ["broken", "failed", 0],
        ["deaf", "completed", 40],
        ["stuck", "stuck", 100],
      ],
    );
    assertEquals([report.succeeded, report.failed], [3, 2]);
    assertStrictEquals(report.tasks[2]?.error, error);
    await tracker.drain();
  });
});

test("TaskTracker.cancelAll() tells ids and no error for those that didn't fail", async () => {
  const tracker = new TaskTracker();
  const task = tracker.spawn(forever);
  const { tasks } = await tracker.cancelAll();
  assertEquals(tasks[0]?.id, task.id);
  assertFalse("error" in tasks[0]!);
});

test("TaskTracker.cancelAll() tells since when a task was asked to stop, if that was earlier", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    tracker.spawn(stubborn(10_000), { name: "old" }).cancel();
    await clock.advance(500);
    tracker.spawn(stubborn(10_000), { name: "new" });
    const swept = tracker.cancelAll({ timeout: 100 });
    await clock.advance(100);
    const { tasks } = await swept;
    assertEquals(tasks.map(({ since }) => since), [7000, 7500]);
    assertEquals(tasks.map(({ elapsed }) => elapsed), [100, 100]);
    await clock.advance(10_000);
  }, { autoAdvance: false, epoch: 7000 });
});

test("TaskTracker.cancelAll() gives zeros and no tasks when nothing runs", async () => {
  const report = await new TaskTracker().cancelAll();
  assertEquals(report, { succeeded: 0, failed: 0, tasks: [] });
});

test("TaskTracker.cancelAll() has a default timeout of a second", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    tracker.spawn(stubborn(5000));
    await tracker.cancelAll();
    assertEquals(clock.now, 1000);
    await tracker.drain();
  });
});

test("TaskTracker.cancelAll() looks once when the timeout is 0", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    tracker.spawn(forever, { name: "obedient" });
    tracker.spawn(stubborn(5000), { name: "deaf" });
    const { tasks } = await tracker.cancelAll({ timeout: 0 });
    assertEquals(clock.now, 0);
    assertEquals(tasks.map(({ status }) => status), ["cancelled", "stuck"]);
    await tracker.drain();
  });
});

test("TaskTracker.cancelAll() waits for ever when the timeout is Infinity", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    tracker.spawn(stubborn(86_400_000));
    const { succeeded } = await tracker.cancelAll({ timeout: Infinity });
    assertEquals(succeeded, 1);
    assertEquals(clock.now, 86_400_000);
  });
});

test("TaskTracker.cancelAll() honours a timeout above 2^31-1", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    tracker.spawn(stubborn(2 ** 40));
    const { failed } = await tracker.cancelAll({ timeout: 2 ** 33 });
    assertEquals(failed, 1);
    assertEquals(clock.now, 2 ** 33);
    await tracker.drain();
  });
});

const WRONG_OPTIONS: [CancelAllOptions, typeof RangeError, string][] = [
  [{ timeout: NaN }, RangeError, "received NaN"],
  [{ timeout: -1 }, RangeError, "received -1"],
  [{ timeout: -Infinity }, RangeError, "received -Infinity"],
  [{ timeout: "1" as unknown as number }, TypeError, 'received "1"'],
  [{ timeout: null as unknown as number }, TypeError, "received null"],
  [{ reason: 5 as unknown as string }, TypeError, "received 5"],
  [5 as unknown as CancelAllOptions, TypeError, "received 5"],
  [null as unknown as CancelAllOptions, TypeError, "received null"],
];

for (const [options, ErrorClass, message] of WRONG_OPTIONS) {
  test(`TaskTracker.cancelAll() throws a ${ErrorClass.name} that says ${message} for ${JSON.stringify(options)}`, async () => {
    const tracker = new TaskTracker();
    const task = tracker.spawn(forever);
    assertThrows(() => void tracker.cancelAll(options), ErrorClass, message);
    assertEquals(task.status, "running");
    await tracker.cancelAll();
  });
}

test("TaskTracker.cancelAll() passes its words on as the reason", async () => {
  const tracker = new TaskTracker();
  const task = tracker.spawn(forever);
  await tracker.cancelAll({ reason: "deploying" });
  assertEquals(task.reason?.kind, "explicit");
  assertEquals(task.reason?.message, "deploying");
});

test("TaskTracker.cancelAll() passes an Error on by identity", async () => {
  const tracker = new TaskTracker();
  const tasks = [tracker.spawn(forever), tracker.spawn(forever)];
  const reason = new Error("disk full");
  await tracker.cancelAll({ reason });
  for (const task of tasks) {
    assertStrictEquals(await assertRejects(() => task), reason);
    assertStrictEquals(task.signal.reason, reason);
  }
});

test("TaskTracker.cancelAll() names the calling task in the reason", async () => {
  const tracker = new TaskTracker();
  const task = tracker.spawn(forever);
  await createTask(() => tracker.cancelAll(), { name: "janitor" });
  assertEquals(task.reason?.source?.name, "janitor");
});

test("TaskTracker.cancelAll() lets the first reason stay", async () => {
  const tracker = new TaskTracker();
  const task = tracker.spawn(slowCleanup(1));
  task.cancel("first");
  await tracker.cancelAll({ reason: "second" });
  assertEquals(task.reason?.message, "first");
});
