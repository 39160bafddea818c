import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  allTasks,
  configure,
  InvalidStateError,
  sleep,
  TaskTracker,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import {
  collectingFailures,
  failsInCleanup,
  stubborn,
  turns,
} from "./_bodies.ts";
import { test } from "./_harness.ts";

const forever = () => sleep(Infinity);

// Disposal

test("TaskTracker[Symbol.asyncDispose]() closes the tracker and ends its tasks", async () => {
  const tracker = new TaskTracker();
  const task = tracker.spawn(forever);
  await tracker[Symbol.asyncDispose]();
  assertEquals(task.status, "cancelled");
  assert(tracker.closed);
  assertThrows(() => tracker.spawn(forever), InvalidStateError);
});

test("TaskTracker[Symbol.asyncDispose]() refuses tasks from its start on", async () => {
  const tracker = new TaskTracker();
  tracker.spawn(forever);
  const disposed = tracker[Symbol.asyncDispose]();
  assertThrows(() => tracker.spawn(forever), InvalidStateError);
  await disposed;
});

test("TaskTracker[Symbol.asyncDispose]() reports what is stuck through the hook", async () => {
  await withVirtualClock(async (clock) => {
    await collectingFailures(async (failures) => {
      const tracker = new TaskTracker();
      tracker.spawn(stubborn(5000), { name: "deaf" });
      await tracker[Symbol.asyncDispose]();
      assertEquals(clock.now, 1000);
      assertEquals(failures.map(({ name }) => name), ["deaf"]);
      const { error } = failures[0]!;
      assertInstanceOf(error, InvalidStateError);
      assertStringIncludes(error.message, "1000 ms");
      await tracker.drain();
      await turns();
      assertEquals(failures.length, 1);
    });
  });
});

test("TaskTracker[Symbol.asyncDispose]() reports each failure once through the hook", async () => {
  await collectingFailures(async (failures) => {
    const tracker = new TaskTracker();
    tracker.spawn(() => Promise.reject(new Error("a")), { name: "before" });
    tracker.spawn(failsInCleanup(new Error("b")), { name: "in cleanup" });
    await turns();
    await tracker[Symbol.asyncDispose]();
    await tracker[Symbol.asyncDispose]();
    await turns();
    assertEquals(failures.map(({ name }) => name), ["before", "in cleanup"]);
  });
});

test("TaskTracker[Symbol.asyncDispose]() tells the place of creation when that is known", async () => {
  const before = configure({ creationSites: true });
  try {
    await collectingFailures(async (failures) => {
      const tracker = new TaskTracker();
      tracker.spawn(failsInCleanup(new Error("b")), { name: "placed" });
      await tracker[Symbol.asyncDispose]();
      assertStringIncludes(failures[0]?.place ?? "", "tracker_disposal_test");
    });
  } finally {
    configure(before);
  }
});

test("TaskTracker.cancelAll() names the place of creation when that is known", async () => {
  const before = configure({ creationSites: true });
  try {
    const tracker = new TaskTracker();
    tracker.spawn(forever);
    const { tasks } = await tracker.cancelAll();
    assertStringIncludes(tasks[0]?.place ?? "", "tracker_disposal_test");
  } finally {
    configure(before);
  }
});

test("TaskTracker[Symbol.asyncDispose]() works within one of its own tasks", async () => {
  const tracker = new TaskTracker();
  const other = tracker.spawn(forever);
  const caller = tracker.spawn(async () => {
    await tracker[Symbol.asyncDispose]();
    return "still here";
  });
  assertEquals(await caller, "still here");
  assertEquals(other.status, "cancelled");
});

// Many

test("TaskTracker leaves nothing behind when 100,000 tasks went through it", async () => {
  const tracker = new TaskTracker();
  const before = allTasks().length;
  let done = 0;
  for (let i = 0; i < 100_000; i++) {
    tracker.spawn(() => {
      done++;
    });
    if (i % 1000 === 999) await tracker.drain();
  }
  assertEquals(done, 100_000);
  assertEquals(tracker.size, 0);
  assertEquals([...tracker], []);
  assertEquals(allTasks().length, before);
  assertEquals((await tracker.cancelAll()).tasks, []);
});

test("TaskTracker.cancelAll() ends 20,000 tasks at once", async () => {
  const tracker = new TaskTracker();
  for (let i = 0; i < 20_000; i++) tracker.spawn(forever);
  assertEquals(tracker.size, 20_000);
  const { succeeded, failed } = await tracker.cancelAll({ timeout: 60_000 });
  assertEquals([succeeded, failed], [20_000, 0]);
  assertEquals(tracker.size, 0);
});
