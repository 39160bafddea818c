import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  AsyncEvent,
  CancelledError,
  configure,
  createTask,
  InvalidStateError,
  Progress,
  progressOf,
  sleep,
  type Task,
  type TaskContext,
  TaskGroup,
  TaskTracker,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { collectingFailures } from "./_bodies.ts";
import { test } from "./_harness.ts";

// Of a task

const ENDINGS: [string, () => unknown, "completed" | "failed" | "cancelled"][] =
  [
    ["returns", () => 1, "completed"],
    ["throws", () => Promise.reject(new Error("broken")), "failed"],
    ["is cancelled", () => sleep(Infinity), "cancelled"],
  ];

for (const [what, ending, status] of ENDINGS) {
  test(`context.progress is final when the task ${what}`, async () => {
    let progress: Progress | undefined;
    const task = createTask(async (context) => {
      progress = context.progress;
      progress.update({ total: 2, stage: "work" });
      progress.advance();
      await ending();
    });
    assertEquals(progress?.status, "running");
    if (status === "cancelled") task.cancel();
    await task.catch(() => {});
    assertInstanceOf(progress, Progress);
    assertEquals(
      [progress.status, progress.stage, progress.completed],
      [status, "work", 1],
    );
    assertThrows(() => progress!.advance(), InvalidStateError, status);
  });
}

test("context.progress is the same object each time", async () => {
  const task = createTask((context) => context.progress === context.progress);
  assert(await task);
});

test("context.progress tells its observers of the end in the tick in which the task ends", async () => {
  const seen: string[] = [];
  const task = createTask(async ({ progress }) => {
    progress.subscribe(({ status }) => seen.push(status));
    await null;
  });
  while (!task.done) {
    assertEquals(seen, []);
    await null;
  }
  assertEquals(seen, ["completed"]);
});

test("context.progress is final when it is first asked for after the end", async () => {
  const { promise, resolve } = Promise.withResolvers<() => Progress>();
  await createTask((context) => resolve(() => context.progress));
  assertEquals((await promise)().status, "completed");
});

test("context.progress that the body finished itself stays as it was", async () => {
  await collectingFailures(async () => {
    let progress: Progress | undefined;
    const task = createTask((context) => {
      progress = context.progress;
      progress.finish("completed");
      return Promise.reject(new Error("afterwards"));
    });
    await assertRejects(() => task, Error, "afterwards");
    assertEquals(progress?.status, "completed");
    assertFalse(task.cancelled);
  });
});

test("W19: context.progress counts what is done, not what is begun", async () => {
  let progress: Progress | undefined;
  const task = createTask(async (context) => {
    progress = context.progress;
    progress.update({ total: 4, stage: "delay" });
    for (let unit = 0; unit < 4; unit++) {
      if (unit === 2) task.cancel();
      await context.checkpoint();
      progress.advance();
    }
  });
  await assertRejects(() => task, CancelledError);
  assertEquals(progress?.fraction, 0.5);
  assertEquals([progress?.status, progress?.stage], ["cancelled", "delay"]);
});

test("progressOf() a task counts from its creation while creation sites are on", async () => {
  const settings = configure({ creationSites: true });
  try {
    await withVirtualClock(async () => {
      const task = createTask(() => sleep(1_000));
      await sleep(300);
      assertEquals(progressOf(task).elapsed, 300);
      await task;
      assertEquals(progressOf(task).elapsed, 1_000);
    });
  } finally {
    configure(settings);
  }
});

test("progressOf() a group adds up its children, those that come later too, and ends with it", async () => {
  let whole: Progress | undefined;
  await TaskGroup.run(async (group) => {
    const body = (total: number) => async (context: TaskContext) => {
      context.progress.update({ total });
      await context.sleep(0);
      context.progress.advance(total);
    };
    group.spawn(body(3));
    whole = progressOf(group);
    assertStrictEquals(progressOf(group), whole);
    await group.spawn(body(1));
    assertEquals([whole.completed, whole.total], [4, 4]);
    assertEquals(whole.status, "running");
  });
  assertEquals([whole?.status, whole?.fraction], ["completed", 1]);
});

test("progressOf() a tracker is its progress", () => {
  const tracker = new TaskTracker();
  assertStrictEquals(progressOf(tracker), tracker.progress);
  tracker.close();
});

for (const wrong of [undefined, null, 1, {}, new AsyncEvent()]) {
  test(`progressOf() throws a TypeError when given ${String(wrong)}`, () => {
    assertThrows(
      () => progressOf(wrong as unknown as Task),
      TypeError,
      "Cannot use progressOf(): expected a task, a group or a tracker, received",
    );
  });
}
