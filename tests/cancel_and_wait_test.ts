import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  cancelAndWait,
  type CancelAndWaitOptions,
  checkpoint,
  createTask,
  currentTask,
  InvalidStateError,
  type Task,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";
import {
  assertRefused,
  assertTasks,
  ended,
  idle,
  never,
  turn,
  withFailures,
} from "./_probes.ts";

const failure = new Error("in cleanup");

test("cancelAndWait() tells of a task that stops", async () => {
  const task = idle();
  const outcome = await cancelAndWait(task, { reason: "done here" });
  assertEquals(outcome.status, "cancelled");
  assertEquals(task.reason?.message, "done here");
  assert(task.done);
});

test("cancelAndWait() passes an Error by identity", async () => {
  const task = idle();
  const reason = new Error("stop");
  await cancelAndWait(task, { reason });
  assertStrictEquals(task.signal.reason, reason);
});

test("cancelAndWait() waits for the cleanup and tells how long it took", async () => {
  await withVirtualClock(async (clock) => {
    let cleaned = false;
    const cleanup = createTask(({ sleep }) => sleep(300), { detached: true });
    const task = createTask(async ({ sleep }) => {
      await sleep(Infinity).catch(() => {});
      await cleanup;
      cleaned = true;
      throw new DOMException("stopped", "AbortError");
    });
    const outcome = await cancelAndWait(task);
    assertEquals([outcome.status, outcome.elapsed], ["cancelled", 300]);
    assert(cleaned);
    assertEquals(clock.timers, 0);
  });
});

test("cancelAndWait() tells a value apart from a cancellation", async () => {
  const task = createTask(async ({ sleep }) => {
    await sleep(Infinity).catch(() => {});
    return "ignored";
  });
  const outcome = await cancelAndWait(task);
  assertEquals(outcome.status === "completed" && outcome.value, "ignored");
});

test("cancelAndWait() tells of a failure in cleanup, once", async () => {
  await withFailures(async (seen) => {
    const task = createTask(async ({ sleep }) => {
      await sleep(Infinity).catch(() => {});
      throw failure;
    });
    const outcome = await cancelAndWait(task);
    assertStrictEquals(outcome.status === "failed" && outcome.error, failure);
    await turn();
    assertEquals(seen, []);
  });
});

test("cancelAndWait() tells at once how a done task had ended", async () => {
  await withVirtualClock(async (clock) => {
    const completed = createTask(() => 1);
    await completed;
    assertEquals(await cancelAndWait(completed), {
      status: "completed",
      value: 1,
      elapsed: 0,
    });
    assertEquals(completed.cancelRequested, false);
    const failed = createTask(() => Promise.reject(failure));
    await ended(failed);
    assertEquals((await cancelAndWait(failed)).status, "failed");
    assertEquals(clock.timers, 0);
  });
});

test("cancelAndWait() names a stubborn task stuck when the time is over", async () => {
  await withVirtualClock(async (clock) => {
    const gate = Promise.withResolvers<void>();
    const task = createTask(() => gate.promise);
    assertEquals(await cancelAndWait(task), { status: "stuck", elapsed: 1000 });
    assertEquals(await cancelAndWait(task, { timeout: 50 }), {
      status: "stuck",
      elapsed: 50,
    });
    assertEquals(await cancelAndWait(task, { timeout: 0 }), {
      status: "stuck",
      elapsed: 0,
    });
    assertEquals([task.status, clock.timers], ["cancelling", 0]);
    gate.resolve();
    assertEquals((await cancelAndWait(task)).status, "completed");
  });
});

test("cancelAndWait() without limit holds no timer", async () => {
  await withVirtualClock(async (clock) => {
    const gate = Promise.withResolvers<void>();
    const task = createTask(() => gate.promise);
    const wait = cancelAndWait(task, { timeout: Infinity });
    await clock.idle();
    assertEquals(clock.timers, 0);
    gate.resolve();
    assertEquals((await wait).status, "completed");
  });
});

test("cancelAndWait() works in finally, when the caller is cancelled itself", async () => {
  let status: string | undefined;
  const log: string[] = [];
  const caller = createTask(async ({ sleep }) => {
    const child = createTask(async ({ sleep }) => {
      try {
        await sleep(Infinity);
      } finally {
        await turn();
        log.push("child cleaned");
      }
    });
    try {
      await sleep(Infinity);
    } finally {
      ({ status } = await cancelAndWait(child));
      log.push("joined");
      await checkpoint().catch(() => log.push("next checkpoint sees it"));
    }
  });
  caller.cancel();
  await ended(caller);
  assertEquals(status, "cancelled");
  assertEquals(log, ["child cleaned", "joined", "next checkpoint sees it"]);
  assertEquals(caller.status, "cancelled");
});

test("cancelAndWait() reaches the children too", async () => {
  const parent = idle();
  const child = idle({ parent });
  await cancelAndWait(parent, { reason: "all of you" });
  await ended(child);
  assertEquals(child.reason?.message, "all of you");
});

test("cancelAndWait() of an ancestor is bounded", async () => {
  await withVirtualClock(async () => {
    let status: string | undefined;
    const parent = createTask(async () => {
      const me = currentTask()!;
      await createTask(async () => {
        ({ status } = await cancelAndWait(me, { timeout: 100 }));
      });
    });
    await ended(parent);
    assertEquals(status, "stuck");
  });
});

test("cancelAndWait() may be called by several at once", async () => {
  const task = idle();
  const outcomes = await Promise.all([1, 2, 3].map(() => cancelAndWait(task)));
  assertEquals(outcomes.map(({ status }) => status), [
    "cancelled",
    "cancelled",
    "cancelled",
  ]);
});

test("cancelAndWait() refuses wrong arguments and cancels nobody", async () => {
  await withVirtualClock(async (clock) => {
    const task = idle();
    const call = (target: unknown, options?: unknown) => () =>
      cancelAndWait(target as Task, options as CancelAndWaitOptions);
    assertRefused(call(null), TypeError, "received null");
    assertRefused(call(undefined), TypeError, "received undefined");
    assertRefused(call(never), TypeError, "Task.from()");
    assertRefused(call(task, null), TypeError, "received null");
    assertRefused(call(task, { timeout: NaN }), RangeError, "received NaN");
    assertRefused(call(task, { timeout: -1 }), RangeError, "received -1");
    assertRefused(call(task, { timeout: "5" }), TypeError, 'received "5"');
    assertRefused(call(task, { timeout: null }), TypeError, "received null");
    assertRefused(call(task, { reason: 5 }), TypeError, "received 5");
    assertRefused(call(task, { reason: {} }), TypeError, "received [Object]");
    assertEquals([task.cancelRequested, clock.timers], [false, 0]);
    await cancelAndWait(task);
  });
});

test("cancelAndWait() refuses the caller itself and doesn't cancel it", async () => {
  const task = createTask(() => {
    const me = currentTask()!;
    assertRefused(() => cancelAndWait(me), InvalidStateError, "itself");
    return me.cancelRequested;
  });
  assertEquals(await task, false);
  assertTasks([]);
});
