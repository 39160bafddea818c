/**
 * The weaknesses of the function library that this one comes from, and each
 * one beaten: W1-W11 and W23 of the table in docs/practices.md.
 */
import {
  assert,
  assertEquals,
  assertLess,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { deadline } from "@std/async";
import {
  AsyncEvent,
  cancelAndWait,
  CancelledError,
  createTask,
  sleep,
  waitForOutcome,
  waitWithCancellation,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";
import { ended, idle, turn, withFailures } from "./_probes.ts";

const failure = new Error("disk full");

test("W1: waitWithCancellation() wakes within microtasks of the task's end", async () => {
  const gate = Promise.withResolvers<void>();
  const task = createTask(() => gate.promise);
  let woke = false;
  void waitWithCancellation(task).then(() => woke = true);
  gate.resolve();
  for (let i = 0; i < 10; i++) await null;
  assert(woke);
});

test("W1: waitWithCancellation() wakes within microtasks of an event", async () => {
  for (const name of ["cancelEvent", "completionEvent"]) {
    const event = new AsyncEvent();
    const task = idle();
    let woke = false;
    void waitWithCancellation(task, { [name]: event }).then(() => woke = true);
    event.set();
    for (let i = 0; i < 20; i++) await null;
    assert(woke, name);
    task.cancel();
    await ended(task);
  }
});

test("W1: 10,000 idle waiters hold no timer and do nothing", async () => {
  await withVirtualClock(async (clock) => {
    const task = idle();
    const cancelEvent = new AsyncEvent();
    const waits = Array.from(
      { length: 10_000 },
      () => waitWithCancellation(task, { cancelEvent }),
    );
    await clock.idle();
    assertEquals(clock.timers, 0);
    const names = ["setTimeout", "setInterval", "queueMicrotask"] as const;
    const hosts = globalThis as unknown as Record<string, unknown>;
    const before = names.map((name) => hosts[name]);
    let calls = 0;
    for (const name of names) hosts[name] = () => calls++;
    for (let i = 0; i < 10; i++) await turn();
    names.forEach((name, i) => hosts[name] = before[i]);
    assertEquals(calls, 0);
    cancelEvent.set();
    assertEquals(new Set(await Promise.all(waits)), new Set([false]));
  });
});

test("W2: waitWithCancellation() never swallows the waiter's cancellation", async () => {
  const log: string[] = [];
  const task = idle({ detached: true });
  const waiter = createTask(async () => {
    await waitWithCancellation(task);
    log.push("went on as if nothing had happened");
  });
  waiter.cancel("enough");
  await assertRejects(() => waiter, CancelledError, "enough");
  assertEquals([waiter.status, log.length], ["cancelled", 0]);
  await ended(task);
});

test("W2: waitWithCancellation() lets a deadline around it work", async () => {
  const task = idle();
  const waiter = createTask(() => waitWithCancellation(task));
  const error = await assertRejects(() => deadline(waiter, 1), DOMException);
  assertEquals(error.name, "TimeoutError");
  waiter.cancel();
  await Promise.all([waiter, task].map(ended));
});

test("W3: waitWithCancellation() doesn't leave the task running by default", async () => {
  const set = new AsyncEvent();
  set.set();
  const stops = [{ cancelEvent: set }, { timeout: 0 }];
  for (const options of stops) {
    const task = idle();
    await waitWithCancellation(task, options);
    assertEquals(task.status, "cancelled");
  }
  const task = idle({ detached: true });
  const waiter = createTask(() => waitWithCancellation(task));
  waiter.cancel();
  await ended(waiter);
  assert(task.cancelRequested);
  await ended(task);
});

test('W3: waitWithCancellation() leaves the task running when told to "leave" it', async () => {
  const set = new AsyncEvent();
  set.set();
  const task = idle();
  const onStop = "leave";
  await waitWithCancellation(task, { cancelEvent: set, onStop });
  await waitWithCancellation(task, { timeout: 0, onStop });
  assertEquals(task.status, "running");
  task.cancel();
  await ended(task);
});

test("W4: waitForOutcome() doesn't take the completion event for the task's outcome", async () => {
  await withFailures(async (seen) => {
    const completionEvent = new AsyncEvent();
    const gate = Promise.withResolvers<void>();
    const task = createTask(async () => {
      try {
        completionEvent.set();
      } finally {
        await gate.promise;
      }
      throw failure;
    });
    const first = await waitForOutcome(task, { completionEvent });
    assertEquals(first.status, "signalled");
    assertEquals(task.status, "running");
    gate.resolve();
    await turn();
    assertStrictEquals(seen[0]?.error, failure);
    // And once the task has failed, the event hides nothing.
    const second = await waitForOutcome(task, { completionEvent });
    assertEquals(second.status, "failed");
  });
});

test("W5: waitForOutcome() tells six endings apart", async () => {
  await withVirtualClock(async () => {
    const set = new AsyncEvent();
    set.set();
    const seen: string[] = [];
    const note = async (outcome: Promise<{ status: string }>) =>
      void seen.push((await outcome).status);
    const failing = createTask(() => Promise.reject(failure));
    await note(waitForOutcome(createTask(() => 1)));
    await note(waitForOutcome(failing));
    await note(waitForOutcome(idle(), { cancelEvent: set }));
    await note(waitForOutcome(idle(), { timeout: 5 }));
    const task = idle();
    await note(waitForOutcome(task, { completionEvent: set }));
    const waiter = waitForOutcome(task, { signal: set });
    seen.push(await waiter.then(() => "no", () => "waiter cancelled"));
    assertEquals(seen, [
      "completed",
      "failed",
      "cancelled",
      "timed-out",
      "signalled",
      "waiter cancelled",
    ]);
    await ended(task);
  });
});

test("W6: waitForOutcome() hands the error out by identity", async () => {
  const task = createTask(() => Promise.reject(failure));
  const outcome = await waitForOutcome(task);
  assertStrictEquals(outcome.status === "failed" && outcome.error, failure);
});

test("W6: waitWithCancellation() loses no error: the owner reports it", async () => {
  await withFailures(async (seen) => {
    const task = createTask(() => Promise.reject(failure), { name: "writer" });
    assertEquals(await waitWithCancellation(task), false);
    await turn();
    assertEquals(seen.length, 1);
    assertStrictEquals(seen[0]!.error, failure);
  });
});

test("W7: waitForOutcome() with timeout 0 is immediate, not endless", async () => {
  await withVirtualClock(async (clock) => {
    const { status } = await waitForOutcome(idle(), { timeout: 0 });
    assertEquals([status, clock.now], ["timed-out", 0]);
  });
});

test("W7: waitForOutcome() refuses negative times, NaN and texts", async () => {
  const task = idle();
  for (const timeout of [-1, NaN, -Infinity, "5" as unknown as number]) {
    let error: unknown;
    try {
      void waitForOutcome(task, { timeout });
    } catch (caught) {
      error = caught;
    }
    assert(error instanceof RangeError || error instanceof TypeError);
    assert(
      error.message.includes(`received ${JSON.stringify(timeout)}`) ||
        error.message.includes(`received ${timeout}`),
    );
  }
  await cancelAndWait(task);
});

test("W7: waitForOutcome() doesn't overshoot its timeout, and takes huge ones", async () => {
  await withVirtualClock(async (clock) => {
    for (const timeout of [1, 250, 2 ** 31, 2 ** 40]) {
      const start = clock.now;
      const { elapsed } = await waitForOutcome(idle(), { timeout });
      assertEquals([clock.now - start, elapsed], [timeout, timeout]);
    }
  });
});

test("W7: waitForOutcome() is deaf to jumps of the wall clock", async () => {
  const before = Date.now;
  const task = createTask(() => sleep(3));
  try {
    const wait = waitForOutcome(task, { timeout: 60_000 });
    Date.now = () => before() + 3_600_000;
    const { status, elapsed } = await wait;
    assertEquals(status, "completed");
    assertLess(elapsed, 60_000);
  } finally {
    Date.now = before;
  }
});

test("W9: waitForOutcome() misses no pulse", async () => {
  const cancelEvent = new AsyncEvent();
  const completionEvent = new AsyncEvent();
  for (const event of [cancelEvent, completionEvent]) {
    const task = idle();
    const wait = waitForOutcome(task, { cancelEvent, completionEvent });
    event.set();
    event.clear();
    const { status } = await wait;
    assertEquals(status, event === cancelEvent ? "cancelled" : "signalled");
    await cancelAndWait(task);
  }
});

test("W9: waitForOutcome() loses no cancel that comes shortly before the end", async () => {
  await withVirtualClock(async (clock) => {
    const cancelEvent = new AsyncEvent();
    const task = createTask(({ sleep }) => sleep(30));
    const wait = waitForOutcome(task, { cancelEvent });
    await clock.advance(29);
    cancelEvent.set();
    assertEquals((await wait).status, "cancelled");
  }, { autoAdvance: false });
});
