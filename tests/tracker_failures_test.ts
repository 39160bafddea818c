import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { createTask, sleep, TaskTracker } from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import {
  collectingFailures,
  failsInCleanup,
  slowCleanup,
  turns,
} from "./_bodies.ts";
import { test } from "./_harness.ts";

const forever = () => sleep(Infinity);

// Failures

test("TaskTracker.cancelAll() tells an earlier failure that nobody looked at, and the hook never does", async () => {
  await collectingFailures(async (failures) => {
    const tracker = new TaskTracker();
    const error = new Error("disk full");
    tracker.spawn(() => Promise.reject(error), { name: "writer" });
    await turns();
    const report = await tracker.cancelAll();
    assertEquals([report.succeeded, report.failed], [0, 1]);
    assertEquals(report.tasks[0]?.name, "writer");
    assertStrictEquals(report.tasks[0]?.error, error);
    tracker.close();
    await turns();
    assertEquals(failures, []);
    assertEquals((await tracker.cancelAll()).tasks, []);
  });
});

test("TaskTracker.cancelAll() doesn't tell a failure that somebody looked at", async () => {
  const tracker = new TaskTracker();
  const task = tracker.spawn(() => Promise.reject(new Error("handled")));
  await assertRejects(() => task, Error, "handled");
  assertEquals((await tracker.cancelAll()).tasks, []);
});

test("TaskTracker.close() reports each failure once to the hook when nothing runs", async () => {
  await collectingFailures(async (failures) => {
    const tracker = new TaskTracker();
    tracker.spawn(() => Promise.reject(new Error("one")), { name: "a" });
    tracker.spawn(() => Promise.reject(new Error("two")), { name: "b" });
    await turns();
    assertEquals(failures, []);
    tracker.close();
    tracker.close();
    await turns();
    assertEquals(failures.map(({ name }) => name), ["a", "b"]);
    assertEquals((await tracker.cancelAll()).tasks, []);
  });
});

test("TaskTracker reports a failure once when it is closed first and fails later", async () => {
  await collectingFailures(async (failures) => {
    const tracker = new TaskTracker();
    tracker.spawn(async ({ sleep }) => {
      await sleep(1);
      throw new Error("late");
    }, { name: "last" });
    tracker.close();
    await tracker.drain();
    await turns();
    assertEquals(failures.map(({ name }) => name), ["last"]);
  });
});

test("TaskTracker.close() doesn't report a failure that is awaited late", async () => {
  await collectingFailures(async (failures) => {
    const tracker = new TaskTracker();
    const task = tracker.spawn(() => Promise.reject(new Error("late look")));
    await turns();
    await assertRejects(() => task, Error, "late look");
    tracker.close();
    await turns();
    assertEquals(failures, []);
  });
});

test("TaskTracker never reports a cancelled task", async () => {
  await collectingFailures(async (failures) => {
    const tracker = new TaskTracker();
    tracker.spawn(forever).cancel();
    await tracker.drain();
    tracker.close();
    await turns();
    assertEquals(failures, []);
  });
});

test("TaskTracker.cancelAll() tells a failure in cleanup that the hook never hears of, though the parent ends too", async () => {
  await withVirtualClock(async () => {
    await collectingFailures(async (failures) => {
      const tracker = new TaskTracker();
      const error = new Error("flush failed");
      tracker.spawn(async () => {
        tracker.spawn(failsInCleanup(error), { name: "child" });
        await sleep(Infinity);
      }, { name: "parent" });
      tracker.spawn(slowCleanup(50), { name: "slow" });
      const { tasks } = await tracker.cancelAll();
      assertEquals(
        tasks.map(({ name, status }) => `${name} ${status}`).sort(),
        ["child failed", "parent cancelled", "slow cancelled"],
      );
      tracker.close();
      await turns();
      assertEquals(failures, []);
    });
  });
});

test("TaskTracker.cancelAll() of an untracking owner tells a failure that the hook never hears of", async () => {
  await withVirtualClock(async () => {
    await collectingFailures(async (failures) => {
      const closed = new TaskTracker();
      const tracker = new TaskTracker();
      const task = closed.spawn(failsInCleanup(new Error("x")), { name: "t" });
      closed.close();
      tracker.add(task);
      tracker.spawn(slowCleanup(50), { name: "slow" });
      const { failed } = await tracker.cancelAll();
      assertEquals(failed, 1);
      await turns();
      assertEquals(failures, []);
    });
  });
});

test("TaskTracker tells the failure of a promise once", async () => {
  await collectingFailures(async (failures) => {
    const tracker = new TaskTracker();
    const error = new Error("refused");
    const promise = tracker.add(Promise.reject(error));
    tracker.add(promise);
    await turns();
    const { failed, tasks } = await tracker.cancelAll();
    assertEquals(failed, 1);
    assertStrictEquals(tasks[0]?.error, error);
    tracker.close();
    await turns();
    assertEquals(failures, []);
  });
});

test("TaskTracker takes over a failed task that nobody looked at yet", async () => {
  await collectingFailures(async (failures) => {
    const tracker = new TaskTracker();
    const owner = createTask(async () => {
      const task = createTask(() => Promise.reject(new Error("x")), {
        name: "child",
      });
      while (!task.done) await null;
      tracker.add(task);
      return (await tracker.cancelAll()).tasks.map(({ name }) => name);
    });
    assertEquals(await owner, ["child"]);
    await turns();
    assertEquals(failures, []);
  });
});

test("TaskTracker tells a failure once when the failed task is added again", async () => {
  await collectingFailures(async () => {
    const tracker = new TaskTracker();
    const task = tracker.spawn(() => Promise.reject(new Error("x")));
    while (!task.done) await null;
    tracker.add(task);
    tracker.add(task);
    assertEquals((await tracker.cancelAll()).tasks.length, 1);
  });
});

test("TaskTracker keeps at most a thousand failures and reports the oldest", async () => {
  await collectingFailures(async (failures) => {
    const tracker = new TaskTracker();
    for (let i = 0; i < 1002; i++) {
      tracker.spawn(() => Promise.reject(new Error("x")), { name: `t${i}` });
    }
    await tracker.drain();
    assertEquals(failures.map(({ name }) => name), ["t0", "t1"]);
    const { tasks } = await tracker.cancelAll();
    assertEquals(tasks.length, 1000);
    assertEquals(tasks[0]?.name, "t2");
  });
});
