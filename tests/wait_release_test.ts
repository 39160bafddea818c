import { assertEquals, assertRejects } from "@std/assert";
import {
  AsyncEvent,
  createTask,
  currentTask,
  InvalidStateError,
  waitForOutcome,
  waitWithCancellation,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";
import { assertRefused, ended, idle, spy, withoutContext } from "./_probes.ts";

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
  await withoutContext(async () => {
    const { status } = await waitForOutcome(idle(), { timeout: 0 });
    assertEquals(status, "timed-out");
  });
});

test("waitForOutcome() takes times beyond 2^31-1 ms", async () => {
  const gate = Promise.withResolvers<number>();
  const task = createTask(() => gate.promise);
  const wait = waitForOutcome(task, { timeout: 2 ** 31, grace: 2 ** 40 });
  setTimeout(() => gate.resolve(1), 3);
  assertEquals((await wait).status, "completed");
});
