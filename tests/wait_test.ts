import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import {
  AsyncEvent,
  CancelledError,
  createTask,
  type Task,
  waitWithCancellation,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";
import {
  assertRefused,
  ended,
  idle,
  never,
  turn,
  withFailures,
} from "./_probes.ts";

const failure = new Error("disk full");

// The decision table of the function this one comes from, row by row.

test("waitWithCancellation() is true at once for a completed task", async () => {
  await withVirtualClock(async (clock) => {
    const task = createTask(() => 1);
    await task;
    assertEquals(await waitWithCancellation(task), true);
    assertEquals(clock.now, 0);
  });
});

test("waitWithCancellation() is true for a done task, though the cancel event is set", async () => {
  const task = createTask(() => 1);
  await task;
  const cancelEvent = new AsyncEvent();
  cancelEvent.set();
  assertEquals(await waitWithCancellation(task, { cancelEvent }), true);
});

test("waitWithCancellation() is true at the time the task finishes", async () => {
  await withVirtualClock(async (clock) => {
    const task = createTask(({ sleep }) => sleep(10));
    assertEquals(await waitWithCancellation(task), true);
    assertEquals(clock.now, 10);
  });
});

test("waitWithCancellation() is false for a task that fails", async () => {
  await withFailures(async (seen) => {
    const task = createTask(() => Promise.reject(failure));
    assertEquals(await waitWithCancellation(task), false);
    assertStrictEquals(task.exception(), failure);
    await turn();
    assertEquals(seen, []);
  });
});

test("waitWithCancellation() is false for a task cancelled by others", async () => {
  const task = idle();
  const wait = waitWithCancellation(task);
  task.cancel();
  assertEquals(await wait, false);
  assertEquals(task.status, "cancelled");
});

test("waitWithCancellation() is false by the cancel event, and ends the task", async () => {
  const task = idle();
  const cancelEvent = new AsyncEvent();
  const wait = waitWithCancellation(task, { cancelEvent });
  cancelEvent.set();
  assertEquals(await wait, false);
  assertEquals([task.status, task.reason?.kind], ["cancelled", "event"]);
});

test("waitWithCancellation() is true by the completion event; the task goes on", async () => {
  const task = idle();
  const completionEvent = new AsyncEvent();
  const wait = waitWithCancellation(task, { completionEvent });
  completionEvent.set();
  assertEquals(await wait, true);
  assertEquals([task.status, task.cancelRequested], ["running", false]);
  task.cancel();
  await ended(task);
});

test("waitWithCancellation() is false when both events are set", async () => {
  const task = idle();
  const event = new AsyncEvent();
  event.set();
  const both = { cancelEvent: event, completionEvent: event };
  assertEquals(await waitWithCancellation(task, both), false);
  assertEquals(task.status, "cancelled");
});

test("waitWithCancellation() is true when completion is signalled before the cleanup fails", async () => {
  await withFailures(async (seen) => {
    const completionEvent = new AsyncEvent();
    const gate = Promise.withResolvers<void>();
    const task = createTask(async () => {
      completionEvent.set();
      await gate.promise;
      throw failure;
    });
    assertEquals(await waitWithCancellation(task, { completionEvent }), true);
    gate.resolve();
    await turn();
    assertStrictEquals(seen[0]?.error, failure);
  });
});

test("waitWithCancellation() is false when the time is over, and ends the task", async () => {
  await withVirtualClock(async (clock) => {
    const task = idle();
    assertEquals(await waitWithCancellation(task, { timeout: 250 }), false);
    assertEquals(clock.now, 250);
    assertEquals([task.status, task.reason?.kind], ["cancelled", "timeout"]);
  });
});

test("waitWithCancellation() without a timeout waits as long as it takes", async () => {
  await withVirtualClock(async (clock) => {
    const day = 24 * 3_600_000;
    for (const timeout of [undefined, Infinity]) {
      const start = clock.now;
      const task = createTask(({ sleep }) => sleep(30 * day));
      assertEquals(await waitWithCancellation(task, { timeout }), true);
      assertEquals(clock.now - start, 30 * day);
    }
  });
});

test("waitWithCancellation() with timeout 0 looks once", async () => {
  await withVirtualClock(async (clock) => {
    const task = idle();
    assertEquals(await waitWithCancellation(task, { timeout: 0 }), false);
    assertEquals([task.status, clock.now], ["cancelled", 0]);
    const ready = createTask(() => 1);
    assertEquals(await waitWithCancellation(ready, { timeout: 0 }), true);
  });
});

test("waitWithCancellation() rejects with the waiter's own cancellation", async () => {
  const task = idle({ detached: true });
  const waiter = createTask(() => waitWithCancellation(task));
  waiter.cancel("enough");
  const error = await assertRejects(() => waiter, CancelledError);
  assertEquals(error.reason.message, "enough");
  assertEquals(waiter.status, "cancelled");
  await ended(task);
});

test("waitWithCancellation() sees a pulse of each event", async () => {
  for (const name of ["cancelEvent", "completionEvent"]) {
    const task = idle();
    const event = new AsyncEvent();
    const wait = waitWithCancellation(task, { [name]: event });
    event.set();
    event.clear();
    assertEquals(await wait, name === "completionEvent");
    task.cancel();
    await ended(task);
  }
});

test("waitWithCancellation() obeys a cancel event though the task would end soon", async () => {
  await withVirtualClock(async (clock) => {
    const cancelEvent = new AsyncEvent();
    const task = createTask(({ sleep }) => sleep(30));
    const wait = waitWithCancellation(task, { cancelEvent });
    await clock.advance(20);
    cancelEvent.set();
    assertEquals(await wait, false);
    assertEquals([clock.now, task.status], [20, "cancelled"]);
  }, { autoAdvance: false });
});

test("waitWithCancellation() refuses a promise and says how to make a task", () => {
  const wait = (task: unknown) => () => waitWithCancellation(task as Task);
  assertRefused(wait(never), TypeError, "received [Promise]; Task.from()");
  assertRefused(wait(async () => {}), TypeError, "received function");
  assertRefused(wait(undefined), TypeError, "received undefined");
});
