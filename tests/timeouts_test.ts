import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  CancelledError,
  checkpoint,
  createTask,
  currentTime,
  failAfter,
  failAt,
  moveOnAfter,
  moveOnAt,
  type ScopeBody,
  type ScopeContext,
  sleep,
  TimeoutError,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { deafSleep, failsInCleanup, slowCleanup } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { assertRefused } from "./_probes.ts";
import { forever } from "./_bodies.ts";

/** Every function of this module, as one that gives up after `ms`. */
const limits = {
  failAfter: <T>(ms: number, body: ScopeBody<T>) => failAfter(ms, body),
  failAt: <T>(ms: number, body: ScopeBody<T>) =>
    failAt(currentTime() + ms, body),
  moveOnAfter: <T>(ms: number, body: ScopeBody<T>) => moveOnAfter(ms, body),
  moveOnAt: <T>(ms: number, body: ScopeBody<T>) =>
    moveOnAt(currentTime() + ms, body),
};

for (const [name, limit] of Object.entries(limits)) {
  test(`${name}() gives the value of a body that ends in time, and leaves no timer`, async () => {
    await withVirtualClock(async (clock) => {
      assertEquals(
        await limit(50, () => sleep(49).then(() => "value")),
        "value",
      );
      assertEquals(clock.now, 49);
      assertEquals(clock.timers, 0);
    });
  });

  test(`${name}() passes the body's error through by identity`, async () => {
    const error = new RangeError("own");
    const caught = await assertRejects(() =>
      limit(50, () => Promise.reject(error))
    );
    assertStrictEquals(caught, error);
    assertEquals(error.cause, undefined);
  });

  test(`${name}() passes an error through that the body throws after the time`, async () => {
    await withVirtualClock(async () => {
      const error = new RangeError("can't close");
      const caught = await assertRejects(() => limit(5, failsInCleanup(error)));
      assertStrictEquals(caught, error);
    });
  });

  test(`${name}() gives the value of a body that suppresses the cancellation`, async () => {
    await withVirtualClock(async () => {
      const value = await limit(5, () => forever().catch(() => "kept"));
      assertEquals(value, "kept");
    });
  });

  test(`${name}() gives the value of a body that never looks at the clock`, async () => {
    await withVirtualClock(async (clock) => {
      const value = await limit(5, () => deafSleep(20).then(() => "late"));
      assertEquals(value, "late");
      assertEquals(clock.now, 20);
    });
  });

  test(`${name}() waits for the body's cleanup`, async () => {
    await withVirtualClock(async (clock) => {
      await limit(5, slowCleanup(30)).catch(() => {});
      assertEquals(clock.now, 35);
    });
  });

  test(`${name}() lets outer cancellation pass`, async () => {
    const task = createTask(() => limit(60_000, forever));
    task.cancel("outer");
    await assertRejects(() => task, CancelledError, "outer");
    assertEquals(task.status, "cancelled");
  });

  test(`${name}() lets outer cancellation pass that came after the time`, async () => {
    await withVirtualClock(async () => {
      const task = createTask(() => limit(5, slowCleanup(30)));
      await sleep(10);
      task.cancel("outer");
      await assertRejects(() => task, CancelledError, "outer");
      assertEquals(task.status, "cancelled");
    });
  });

  test(`${name}() lets the cancellation of an unrelated task pass`, async () => {
    const other = createTask(forever);
    const wait = limit(60_000, () => other);
    other.cancel("unrelated");
    await assertRejects(() => wait, CancelledError, "unrelated");
  });

  test(`${name}() hands its scope to the body, whose deadline can be moved`, async () => {
    await withVirtualClock(async (clock) => {
      await limit(50, async (scope) => {
        assertEquals(scope.deadline, clock.now + 50);
        scope.deadline += 50;
        await sleep(99);
      });
      assertEquals(clock.now, 99);
    });
  });

  test(`${name}() has no limit when it is given Infinity`, async () => {
    await withVirtualClock(async (clock) => {
      await limit(Infinity, async (scope) => {
        assertEquals(scope.deadline, Infinity);
        assertEquals(clock.timers, 0);
        await sleep(1e9);
      });
    });
  });

  test(`${name}() starts the body with an aborted signal when the time is zero`, async () => {
    await withVirtualClock(async (clock) => {
      const seen: unknown[] = [];
      await limit(0, async ({ signal }) => {
        seen.push(signal.aborted);
        await checkpoint(); // eslint-disable-line mdc/require-signal-forwarding -- the innermost scope is what is tested
        seen.push("never");
      }).catch(() => {});
      assertEquals(seen, [true]);
      assertEquals(clock.now, 0);
    });
  });

  test(`${name}() gives the value of a body that ends without waiting when the time is zero`, async () => {
    assertEquals(await limit(0, () => "at once"), "at once");
  });

  test(`${name}() refuses a body that is no function, and a time that is none`, () => {
    const call = limit as (...args: unknown[]) => unknown;
    assertRefused(() => call(5, "body"), TypeError, 'received "body"');
    assertRefused(() => call(NaN, forever), RangeError, "received NaN");
  });
}

test("failAfter() and moveOnAfter() refuse negative times and what is no number", () => {
  for (const limit of [failAfter, moveOnAfter]) {
    const call = limit as (...args: unknown[]) => unknown;
    assertRefused(() => call(-1, forever), RangeError, "received -1");
    assertRefused(() => call("5", forever), TypeError, 'received "5"');
    assertRefused(
      () => call(undefined, forever),
      TypeError,
      "received undefined",
    );
  }
});

test("failAt() and moveOnAt() refuse a deadline that is no number", () => {
  for (const limit of [failAt, moveOnAt]) {
    const call = limit as (...args: unknown[]) => unknown;
    assertRefused(() => call("5", forever), TypeError, 'received "5"');
  }
});

// The end of the time

test("failAfter() throws a TimeoutError caused by the cancellation", async () => {
  await withVirtualClock(async (clock) => {
    const error = await assertRejects(
      () => failAfter(50, forever),
      TimeoutError,
      "Timed out after 50 ms",
    );
    assertEquals(clock.now, 50);
    assertEquals(error.name, "TimeoutError");
    assertInstanceOf(error.cause, CancelledError);
    assertEquals(error.cause.reason.kind, "timeout");
  });
});

test("failAfter() has what the body threw as cause, also a platform's abort error", async () => {
  await withVirtualClock(async () => {
    const abort = new DOMException("fetch was aborted", "AbortError");
    const error = await assertRejects(
      () => failAfter(5, () => forever().catch(() => Promise.reject(abort))),
      TimeoutError,
    );
    assertStrictEquals(error.cause, abort);
  });
});

test("failAt() throws a TimeoutError at its deadline", async () => {
  await withVirtualClock(async (clock) => {
    await sleep(10);
    await assertRejects(
      () => failAt(30, forever),
      TimeoutError,
      "Timed out at its deadline",
    );
    assertEquals(clock.now, 30);
  });
});

test("failAt() throws at the first wait when its deadline has passed", async () => {
  await withVirtualClock(async (clock) => {
    await sleep(10);
    for (const deadline of [10, 5, -Infinity]) {
      await assertRejects(() => failAt(deadline, forever), TimeoutError);
    }
    assertEquals(clock.now, 10);
  });
});

test("failAfter() doesn't say how long when the deadline was moved", async () => {
  await withVirtualClock(async () => {
    const error = await assertRejects(() =>
      failAfter(5, (scope) => {
        scope.deadline += 5;
        return forever();
      }), TimeoutError);
    assertEquals(error.message, "Timed out at its deadline");
  });
});

test("failAfter() counts its time from entry, not from when it was prepared", async () => {
  await withVirtualClock(async (clock) => {
    const prepared = () => failAfter(20, forever);
    await sleep(100);
    await assertRejects(prepared, TimeoutError);
    assertEquals(clock.now, 120);
  });
});

test("failAfter() in a task that is awaited is a failure of the task", async () => {
  await withVirtualClock(async () => {
    const task = createTask(() => failAfter(5, forever));
    await assertRejects(() => task, TimeoutError);
    assertEquals(task.status, "failed");
    assertFalse(task.cancelRequested);
  });
});

test("moveOnAfter() gives undefined and says in its scope that time was over", async () => {
  await withVirtualClock(async (clock) => {
    let scope!: ScopeContext;
    const value = await moveOnAfter(5, (own) => {
      scope = own;
      return forever();
    });
    assertEquals(value, undefined);
    assertEquals(clock.now, 5);
    assert(scope.cancelledCaught);
    assertEquals(scope.reason?.kind, "timeout");
  });
});

test("moveOnAfter() leaves the task free for the next wait", async () => {
  await withVirtualClock(async (clock) => {
    await createTask(async () => {
      await moveOnAfter(5, forever);
      await sleep(5);
    });
    assertEquals(clock.now, 10);
  });
});
