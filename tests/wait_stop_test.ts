import { assertEquals, assertRejects } from "@std/assert";
import { AsyncEvent, createTask, waitForOutcome } from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";
import { ended, idle, turn, withFailures } from "./_probes.ts";

const failure = new Error("disk full");

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
