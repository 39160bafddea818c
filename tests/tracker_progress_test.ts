import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { AsyncEvent, InvalidStateError, TaskTracker } from "../mod.ts";
import { collectingFailures, turns } from "./_bodies.ts";
import { test } from "./_harness.ts";

// Progress

test("TaskTracker.progress adds up what its tasks tell", async () => {
  const tracker = new TaskTracker();
  const go = new AsyncEvent();
  const body = (total: number) =>
  async (context: {
    progress: { update(values: { total: number }): void; advance(): void };
  }) => {
    context.progress.update({ total });
    context.progress.advance();
    await go.wait();
  };
  tracker.spawn(body(3));
  const whole = tracker.progress;
  tracker.spawn(body(1));
  assertStrictEquals(tracker.progress, whole);
  assertEquals([whole.completed, whole.total], [2, 4]);
  go.set();
  tracker.close();
  await tracker.drain();
  await turns(1);
  assertEquals(whole.status, "completed");
});

test("TaskTracker.progress isn't final while the tracker is open", async () => {
  const tracker = new TaskTracker();
  const whole = tracker.progress;
  await tracker.spawn(() => 1);
  assertEquals(whole.status, "running");
  tracker.close();
  assertEquals(whole.status, "completed");
});

test("TaskTracker.progress of a closed empty tracker is final", () => {
  const tracker = new TaskTracker();
  tracker.close();
  assertEquals(tracker.progress.status, "completed");
});

test("TaskTracker.progress is failed when a task failed", async () => {
  await collectingFailures(async () => {
    const tracker = new TaskTracker();
    const whole = tracker.progress;
    tracker.spawn(() => Promise.reject(new Error("x")));
    tracker.spawn(() => 1);
    await tracker[Symbol.asyncDispose]();
    assertEquals(whole.status, "failed");
  });
});

test("TaskTracker.progress stays affordable with 10,000 tasks", async () => {
  const tracker = new TaskTracker();
  const whole = tracker.progress;
  for (let i = 0; i < 10_000; i++) {
    tracker.spawn(({ progress }) => {
      progress.update({ total: 2 });
      progress.advance();
      progress.advance();
    });
  }
  await tracker.drain();
  assertEquals([whole.completed, whole.total], [20_000, 20_000]);
});

test("TaskTracker.drain() refuses a tracked task, which would wait for itself", async () => {
  const tracker = new TaskTracker();
  const task = tracker.spawn(async ({ sleep }) => {
    await sleep(0);
    await tracker.drain();
  }, { name: "inside" });
  await assertRejects(
    () => task,
    InvalidStateError,
    'task "inside" is tracked and would wait for itself',
  );
  await tracker.drain();
});
