import {
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { CancelledError, createTask, sleep, TaskTracker } from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { collectingFailures } from "./_bodies.ts";
import { test } from "./_harness.ts";

const forever = () => sleep(Infinity);

// drain()

test("TaskTracker.drain() resolves when the last task is done", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    tracker.spawn(({ sleep }) => sleep(10));
    tracker.spawn(({ sleep }) => sleep(30));
    await tracker.drain();
    assertEquals(clock.now, 30);
    assertEquals(tracker.size, 0);
  });
});

test("TaskTracker.drain() resolves at once when nothing runs", async () => {
  await new TaskTracker().drain();
});

test("TaskTracker.drain() resolves when tasks fail or are cancelled", async () => {
  await collectingFailures(async () => {
    const tracker = new TaskTracker();
    tracker.spawn(() => Promise.reject(new Error("no")));
    tracker.spawn(forever).cancel();
    await tracker.drain();
    tracker.close();
  });
});

test("TaskTracker.drain() waits for tasks that are added meanwhile", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    tracker.spawn(async ({ sleep }) => {
      await sleep(10);
      tracker.spawn(({ sleep }) => sleep(10));
    });
    await tracker.drain();
    assertEquals(clock.now, 20);
  });
});

test("TaskTracker.drain() serves several waiters", async () => {
  const tracker = new TaskTracker();
  tracker.spawn(({ sleep }) => sleep(1));
  await Promise.all([tracker.drain(), tracker.drain(), tracker.drain()]);
});

test("TaskTracker.drain() rejects when its task is cancelled, and leaves the others running", async () => {
  const tracker = new TaskTracker();
  const worker = tracker.spawn(forever);
  const waiter = createTask(() => tracker.drain());
  waiter.cancel("no patience");
  const error = await assertRejects(() => waiter, CancelledError);
  assertEquals(error.reason.message, "no patience");
  assertEquals(worker.status, "running");
  await tracker.cancelAll();
});

test("TaskTracker.drain() rejects with the signal's reason when the signal aborts", async () => {
  const tracker = new TaskTracker();
  tracker.spawn(forever);
  const controller = new AbortController();
  const reason = new Error("enough");
  const drained = tracker.drain({ signal: controller.signal });
  controller.abort(reason);
  assertStrictEquals(await assertRejects(() => drained), reason);
  await tracker.cancelAll();
});

test("TaskTracker.drain() rejects at the door when the signal is aborted, though nothing runs", async () => {
  const reason = new Error("before");
  const signal = AbortSignal.abort(reason);
  const error = await assertRejects(() => new TaskTracker().drain({ signal }));
  assertStrictEquals(error, reason);
});

test("TaskTracker.drain() throws a TypeError when the signal is no source", () => {
  const tracker = new TaskTracker();
  assertThrows(
    () => void tracker.drain({ signal: 5 as unknown as AbortSignal }),
    TypeError,
    "received 5",
  );
  assertThrows(
    () => void tracker.drain(null as unknown as { signal: AbortSignal }),
    TypeError,
    "received null",
  );
});
