import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import {
  AsyncEvent,
  CancelledError,
  configure,
  createTask,
  currentTask,
  InvalidStateError,
  type Task,
  waitForOutcome,
  waitWithCancellation,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";
import {
  assertRefused,
  ended,
  idle,
  never,
  spy,
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

// Outcomes.

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

// What becomes of the task.

test("waitForOutcome() joins a cancelled task through its cleanup", async () => {
  await withVirtualClock(async (clock) => {
    let cleaned = false;
    const task = createTask(async ({ sleep }) => {
      try {
        await sleep(Infinity);
      } finally {
        await waitForOutcome(
          createTask(({ sleep }) => sleep(400), {
            detached: true,
          }),
          { signal: new AbortController() },
        );
        cleaned = true;
      }
    });
    const outcome = await waitForOutcome(task, { timeout: 100 });
    assertEquals(outcome, { status: "timed-out", elapsed: 500 });
    assertEquals([cleaned, task.status], [true, "cancelled"]);
    assertEquals(clock.timers, 0);
  });
});

test("waitForOutcome() gives up on a stubborn task after the grace period", async () => {
  await withVirtualClock(async (clock) => {
    const gate = Promise.withResolvers<void>();
    const cases: [number | undefined, number][] = [
      [undefined, 1000],
      [200, 200],
      [0, 0],
    ];
    for (const [grace, took] of cases) {
      const task = createTask(() => gate.promise);
      const start = clock.now;
      const { status } = await waitForOutcome(task, { timeout: 10, grace });
      assertEquals(status, "timed-out");
      assertEquals(clock.now - start, 10 + took);
      assertEquals(task.status, "cancelling");
    }
    gate.resolve();
    assertEquals(clock.timers, 0);
  });
});

test("waitForOutcome() stays timed-out when a value arrives in the grace period", async () => {
  await withVirtualClock(async () => {
    const task = createTask(async ({ sleep }) => {
      await sleep(Infinity).catch(() => {});
      return "late";
    });
    const { status } = await waitForOutcome(task, { timeout: 10 });
    assertEquals(status, "timed-out");
    assertEquals(task.status, "completed");
    assertEquals(task.result(), "late");
  });
});

test("waitForOutcome() that timed out leaves a failure in cleanup to the owner", async () => {
  await withFailures(async (seen) => {
    await withVirtualClock(async () => {
      const task = createTask(async ({ sleep }) => {
        await sleep(Infinity).catch(() => {});
        throw failure;
      });
      const { status } = await waitForOutcome(task, { timeout: 10 });
      assertEquals([status, task.status], ["timed-out", "failed"]);
    });
    await turn();
    assertEquals(seen.length, 1);
  });
});

test('waitForOutcome() with onStop "leave" leaves the task running', async () => {
  await withVirtualClock(async (clock) => {
    const task = idle();
    const { status } = await waitForOutcome(task, {
      timeout: 10,
      onStop: "leave",
    });
    assertEquals([status, clock.now], ["timed-out", 10]);
    assertEquals([task.status, task.cancelRequested], ["running", false]);
    task.cancel();
    await ended(task);
  });
});

test("waitForOutcome() of a cancelled waiter requests the task's end without joining", async () => {
  const gate = Promise.withResolvers<void>();
  const task = createTask(() => gate.promise, { detached: true });
  const waiter = createTask(() => waitForOutcome(task), { name: "waiter" });
  waiter.cancel("enough");
  await ended(waiter);
  assertEquals(waiter.status, "cancelled");
  assertEquals(task.status, "cancelling");
  assertEquals(task.reason?.source?.name, "waiter");
  assertEquals(task.reason?.message, "enough");
  gate.resolve();
  await task;
});

test('waitForOutcome() of a cancelled waiter with "leave" leaves the task', async () => {
  const task = idle({ detached: true });
  const waiter = createTask(() => waitForOutcome(task, { onStop: "leave" }));
  waiter.cancel();
  await ended(waiter);
  assertEquals([waiter.status, task.status], ["cancelled", "running"]);
  task.cancel();
  await ended(task);
});

test("waitForOutcome() rejects when its waiter is cancelled in the grace period", async () => {
  await withVirtualClock(async (clock) => {
    const gate = Promise.withResolvers<void>();
    const task = createTask(() => gate.promise);
    const controller = new AbortController();
    const wait = waitForOutcome(task, { timeout: 10, signal: controller });
    await clock.advance(500);
    controller.abort(new Error("enough"));
    await assertRejects(() => wait, Error, "enough");
    assertEquals(clock.timers, 0);
    gate.resolve();
    await task;
  }, { autoAdvance: false });
});

test("waitForOutcome() rejects at the door, though the task is done", async () => {
  const task = createTask(() => 1);
  await task;
  const signal = AbortSignal.abort(new Error("before"));
  await assertRejects(() => waitForOutcome(task, { signal }), Error, "before");
});

test("waitForOutcome() at the door asks the task to stop, or leaves it", async () => {
  const signal = AbortSignal.abort(new Error("before"));
  const left = idle();
  await assertRejects(() => waitForOutcome(left, { signal, onStop: "leave" }));
  assertEquals(left.status, "running");
  const stopped = idle();
  await assertRejects(() => waitForOutcome(stopped, { signal }));
  assertEquals(stopped.cancelRequested, true);
  left.cancel();
  await Promise.all([left, stopped].map(ended));
});

test("waitForOutcome() rejects by the waiter, whatever else fires in that tick", async () => {
  const event = new AsyncEvent();
  const controller = new AbortController();
  for (const first of ["event", "waiter"]) {
    event.clear();
    const task = idle();
    const own = first === "event" ? new AbortController() : controller;
    const wait = waitForOutcome(task, {
      signal: own,
      cancelEvent: event,
      completionEvent: event,
      timeout: 0,
    });
    if (first === "event") event.set();
    own.abort(new Error("waiter"));
    event.set();
    await assertRejects(() => wait, Error, "waiter");
    await ended(task);
  }
});

// What it leaves behind, and what it refuses.

test("waitForOutcome() leaves no listener and no timer, however it ends", async () => {
  await withVirtualClock(async (clock) => {
    const [cancel, completion, waiter] = [spy(), spy(), spy()];
    const all = {
      cancelEvent: cancel.signal,
      completionEvent: completion.signal,
      signal: waiter.signal,
      timeout: 1000,
    };
    const task = createTask(({ sleep }) => sleep(5));
    const waits = Array.from({ length: 50 }, () => waitForOutcome(task, all));
    assertEquals([cancel.now, completion.now, waiter.now], [1, 1, 1]);
    await Promise.all(waits);
    assertEquals([cancel.now, completion.now, waiter.now], [0, 0, 0]);
    assertEquals(clock.timers, 0);

    const slow = idle();
    await waitForOutcome(slow, { ...all, onStop: "leave" });
    assertEquals([cancel.now, completion.now, waiter.now], [0, 0, 0]);
    const rejected = waitForOutcome(slow, all);
    waiter.controller.abort();
    await assertRejects(() => rejected);
    assertEquals([cancel.now, completion.now], [0, 0]);
    assertEquals(clock.timers, 0);
    assertEquals([cancel.most, completion.most, waiter.most], [1, 1, 1]);
    await ended(slow);
  });
});

test("waitForOutcome() that rejects at the door leaves nothing", async () => {
  await withVirtualClock(async (clock) => {
    const [cancel, completion] = [spy(), spy()];
    const task = idle();
    const wait = waitForOutcome(task, {
      signal: AbortSignal.abort(),
      cancelEvent: cancel.signal,
      completionEvent: completion.signal,
      timeout: 1000,
    });
    await assertRejects(() => wait);
    assertEquals([cancel.most, completion.most, clock.timers], [0, 0, 0]);
    await ended(task);
  }, { autoAdvance: false });
});

test("waitForOutcome() that waits idle holds no timer", async () => {
  await withVirtualClock(async (clock) => {
    const task = idle();
    const event = new AsyncEvent();
    const waits = Array.from({ length: 100 }, () =>
      waitForOutcome(task, {
        cancelEvent: event,
        completionEvent: event,
        timeout: Infinity,
      }));
    await clock.idle();
    assertEquals(clock.timers, 0);
    event.set();
    await Promise.all(waits);
  });
});

test("waitForOutcome() refuses wrong options and leaves the task alone", async () => {
  await withVirtualClock(async (clock) => {
    const task = idle();
    const wait = (options: unknown) => () =>
      waitForOutcome(task, options as object);
    for (const name of ["timeout", "grace"]) {
      assertRefused(wait({ [name]: NaN }), RangeError, "received NaN");
      assertRefused(wait({ [name]: -1 }), RangeError, "received -1");
      assertRefused(wait({ [name]: -Infinity }), RangeError, "-Infinity");
      assertRefused(wait({ [name]: "5" }), TypeError, 'received "5"');
      assertRefused(wait({ [name]: null }), TypeError, "received null");
      assertRefused(wait({ [name]: 5n }), TypeError, "received 5");
    }
    assertRefused(wait({ onStop: "kill" }), TypeError, 'received "kill"');
    assertRefused(wait({ onStop: 0 }), TypeError, "received 0");
    assertRefused(wait(null), TypeError, "received null");
    assertRefused(wait(5000), TypeError, "received 5000");
    assertEquals([task.status, clock.timers], ["running", 0]);
    task.cancel();
    await ended(task);
  });
});

test("waitForOutcome() refuses a task's wait for itself", async () => {
  const task = createTask(async ({ checkpoint }) => {
    await checkpoint();
    const me = currentTask()!;
    assertRefused(() => waitForOutcome(me), InvalidStateError, "itself");
    assertRefused(() => waitWithCancellation(me), InvalidStateError, "itself");
    return 1;
  });
  assertEquals(await task, 1);
});

test("waitForOutcome() works without the task context", async () => {
  const before = configure({ taskContext: false });
  try {
    const { status } = await waitForOutcome(idle(), { timeout: 0 });
    assertEquals(status, "timed-out");
  } finally {
    configure(before);
  }
});

test("waitForOutcome() takes times beyond 2^31-1 ms", async () => {
  const gate = Promise.withResolvers<number>();
  const task = createTask(() => gate.promise);
  const wait = waitForOutcome(task, { timeout: 2 ** 31, grace: 2 ** 40 });
  setTimeout(() => gate.resolve(1), 3);
  assertEquals((await wait).status, "completed");
});
