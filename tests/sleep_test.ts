import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { CancelledError, createTask, sleep } from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";
import { assertRefused, ended, spy, turn } from "./_probes.ts";

test("sleep() takes its time", async () => {
  await withVirtualClock(async (clock) => {
    await sleep(1500);
    assertEquals(clock.now, 1500);
    assertEquals(clock.timers, 0);
  });
});

test("sleep() of 0 is a turn", async () => {
  await withVirtualClock(async (clock) => {
    await sleep(0);
    assertEquals(clock.now, 0);
  });
  await sleep(0);
});

test("sleep() wakes equal times in order", async () => {
  await withVirtualClock(async () => {
    const log: number[] = [];
    await Promise.all([3, 1, 2].map(async (n) => {
      await sleep(10);
      log.push(n);
    }));
    assertEquals(log, [3, 1, 2]);
  });
});

test("sleep() beyond 2^31-1 ms doesn't end early", async () => {
  await withVirtualClock(async (clock) => {
    await sleep(2 ** 31 + 5);
    assertEquals(clock.now, 2 ** 31 + 5);
  });
  const controller = new AbortController();
  for (const ms of [2 ** 31, 2 ** 40, Number.MAX_VALUE]) {
    let woke = false;
    const nap = sleep(ms, { signal: controller }).then(() => woke = true);
    nap.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 3));
    assertEquals(woke, false);
  }
  controller.abort();
});

test("sleep() for ever holds no timer and ends by cancellation", async () => {
  await withVirtualClock(async (clock) => {
    const task = createTask(() => sleep(Infinity));
    await clock.idle();
    assertEquals(clock.timers, 0);
    task.cancel();
    await ended(task);
    assertEquals(task.status, "cancelled");
  });
});

test("sleep() that is cancelled disarms its timer in the same tick", async () => {
  await withVirtualClock(async (clock) => {
    const controller = new AbortController();
    const nap = sleep(60_000, { signal: controller });
    assertEquals(clock.timers, 1);
    controller.abort(new Error("enough"));
    assertEquals(clock.timers, 0);
    await assertRejects(() => nap, Error, "enough");
  }, { autoAdvance: false });
});

test("sleep() that ended leaves no listener", async () => {
  await withVirtualClock(async () => {
    const shared = spy();
    await Promise.all(
      Array.from(
        { length: 100 },
        (_, i) => sleep(i, { signal: shared.signal }),
      ),
    );
    assertEquals(shared.now, 0);
    assertEquals(shared.most, 1);
  });
});

test("sleep() delivers when its time comes and then the cancellation", async () => {
  await withVirtualClock(async (clock) => {
    const controller = new AbortController();
    const nap = sleep(10, { signal: controller });
    // Armed after the nap, so it fires right after it, at the same time.
    const { promise, resolve } = Promise.withResolvers<void>();
    void sleep(10).then(() => {
      controller.abort();
      resolve();
    });
    await clock.advance(10);
    await promise;
    await nap;
  }, { autoAdvance: false });
});

test("sleep() rejects at the door with the signal's reason", async () => {
  await withVirtualClock(async (clock) => {
    const reason = new Error("before");
    const nap = sleep(5, { signal: AbortSignal.abort(reason) });
    assertEquals(clock.timers, 0);
    assertStrictEquals(await assertRejects(() => nap), reason);
  });
});

test("sleep() uses the current task when no signal is given", async () => {
  const task = createTask(() => sleep(60_000));
  task.cancel("enough");
  const error = await assertRejects(() => task, CancelledError);
  assertEquals(error.reason.message, "enough");
});

test("sleep() rejects again and again once cancelled", async () => {
  const errors: unknown[] = [];
  const task = createTask(async () => {
    for (let i = 0; i < 3; i++) {
      await sleep(60_000).catch((error) => errors.push(error));
    }
    return "ignored";
  });
  task.cancel();
  assertEquals(await task, "ignored");
  assertEquals(errors.length, 3);
  for (const error of errors) assertStrictEquals(error, task.signal.reason);
});

test("sleep() refuses a wrong time before anything is armed", async () => {
  await withVirtualClock((clock) => {
    const nap = (ms: unknown) => () => sleep(ms as number);
    assertRefused(nap(NaN), RangeError, "received NaN");
    assertRefused(nap(-1), RangeError, "received -1");
    assertRefused(nap(-Infinity), RangeError, "received -Infinity");
    assertRefused(nap("5"), TypeError, 'received "5"');
    assertRefused(nap(null), TypeError, "received null");
    assertRefused(nap(undefined), TypeError, "received undefined");
    assertRefused(nap(5n), TypeError, "received 5");
    assertRefused(nap({}), TypeError, "received [Object]");
    assertEquals(clock.timers, 0);
  });
});

test("sleep() refuses wrong options before anything is armed", async () => {
  await withVirtualClock(async (clock) => {
    const nap = (options: unknown) => () => sleep(1, options as object);
    assertRefused(nap(null), TypeError, "received null");
    assertRefused(nap(5), TypeError, "received 5");
    assertRefused(nap({ signal: "stop" }), TypeError, 'received "stop"');
    await turn();
    assertEquals(clock.timers, 0);
  });
});
