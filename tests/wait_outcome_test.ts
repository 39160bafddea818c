import { assertEquals, assertStrictEquals } from "@std/assert";
import { AsyncEvent, createTask, waitForOutcome } from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";
import { ended, idle } from "./_probes.ts";

const failure = new Error("disk full");

test("waitForOutcome() tells value, error, reason, and the time it took", async () => {
  await withVirtualClock(async () => {
    const done = createTask(async ({ sleep }) => (await sleep(5), "value"));
    assertEquals(await waitForOutcome(done), {
      status: "completed",
      value: "value",
      elapsed: 5,
    });
    const failed = createTask(async ({ sleep }) => {
      await sleep(7);
      throw failure;
    });
    assertEquals(await waitForOutcome(failed), {
      status: "failed",
      error: failure,
      elapsed: 7,
    });
    const cancelled = idle();
    const wait = waitForOutcome(cancelled);
    cancelled.cancel("enough");
    assertEquals(await wait, {
      status: "cancelled",
      reason: cancelled.reason!,
      elapsed: 0,
    });
  });
});

test("waitForOutcome() tells of the events and the time", async () => {
  await withVirtualClock(async () => {
    const task = idle();
    const leave = { onStop: "leave" } as const;
    assertEquals(await waitForOutcome(task, { timeout: 3, ...leave }), {
      status: "timed-out",
      elapsed: 3,
    });
    const set = new AsyncEvent();
    set.set();
    assertEquals(await waitForOutcome(task, { completionEvent: set }), {
      status: "signalled",
      elapsed: 0,
    });
    const outcome = await waitForOutcome(task, { cancelEvent: set, ...leave });
    assertEquals(outcome.status, "cancelled");
    assertEquals(
      outcome.status === "cancelled" && outcome.reason.kind,
      "event",
    );
    assertEquals(task.status, "running");
    task.cancel();
    await ended(task);
  });
});

test("waitForOutcome() with a task as cancel event names that task", async () => {
  const boss = idle({ name: "boss" });
  const worker = idle({ name: "worker" });
  const wait = waitForOutcome(worker, { cancelEvent: boss });
  boss.cancel("closing time");
  await wait;
  assertEquals(worker.reason?.kind, "parent");
  assertEquals(worker.reason?.source?.name, "boss");
  assertEquals(worker.reason?.message, "closing time");
  await ended(boss);
});

test("waitForOutcome() passes the Error of a cancel event by identity", async () => {
  const controller = new AbortController();
  const task = idle();
  const wait = waitForOutcome(task, { cancelEvent: controller });
  const reason = new Error("stop");
  controller.abort(reason);
  await wait;
  assertStrictEquals(task.signal.reason, reason);
});

test("waitForOutcome() keeps the first reason of a task that was cancelling", async () => {
  const gate = Promise.withResolvers<void>();
  const task = createTask(() => gate.promise);
  task.cancel("first");
  const outcome = await waitForOutcome(task, { timeout: 0, grace: 0 });
  assertEquals(outcome.status, "timed-out");
  assertEquals(task.reason?.message, "first");
  gate.resolve();
  await task;
});

test("waitForOutcome() can be called by many at once", async () => {
  const task = idle();
  const waits = Array.from({ length: 10 }, () => waitForOutcome(task));
  task.cancel();
  for (const wait of waits) assertEquals((await wait).status, "cancelled");
});
