import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  CancelledError,
  CancelScope,
  currentTime,
  failAfter,
  failAt,
  moveOnAfter,
  propagateCancellation,
  shield,
  sleep,
  TaskGroup,
  TimeoutError,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { failsInCleanup, slowCleanup } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { forever } from "./_bodies.ts";

// Timeout or cancel

test("failAfter() never makes a timeout of scope.cancel()", async () => {
  await withVirtualClock(async () => {
    const wait = failAfter(50, (scope) => {
      scope.cancel("not needed");
      return forever();
    });
    await assertRejects(() => wait, CancelledError, "not needed");
  });
});

test("failAfter() never makes a timeout of scope.cancel() whose cleanup outlasts the time", async () => {
  await withVirtualClock(async () => {
    const wait = failAfter(5, (scope) => {
      scope.cancel("not needed");
      return slowCleanup(50)();
    });
    await assertRejects(() => wait, CancelledError, "not needed");
  });
});

test("failAfter() never makes a timeout of somebody else's timeout", async () => {
  await withVirtualClock(async () => {
    const foreign = new CancelledError({ kind: "timeout", at: 0 });
    const given = await assertRejects(() =>
      failAfter(50, (scope) => {
        scope.cancel(foreign);
        return forever();
      })
    );
    assertStrictEquals(given, foreign);

    const other = new CancelScope({ deadline: 5 });
    await other.run(async () => {
      const wait = failAfter(50, (scope) => {
        propagateCancellation(other, [scope]);
        return forever();
      });
      await assertRejects(() => wait, CancelledError);
      await forever();
    });
    assert(other.cancelledCaught);
  });
});

test("failAfter() passes an Error given to scope.cancel() on by identity", async () => {
  const reason = new RangeError("quota");
  const wait = failAfter(60_000, (scope) => {
    scope.cancel(reason);
    return forever();
  });
  assertStrictEquals(await assertRejects(() => wait), reason);
});

test("moveOnAfter() swallows scope.cancel() inside", async () => {
  const value = await moveOnAfter(60_000, (scope) => {
    scope.cancel("not needed");
    return forever();
  });
  assertEquals(value, undefined);
});

// Nesting

test("failAfter() inside a shorter one leaves the error to the outer", async () => {
  await withVirtualClock(async (clock) => {
    let inner: unknown;
    const error = await assertRejects(
      () =>
        failAfter(5, () =>
          failAfter(50, forever).catch((error) => {
            inner = error;
            throw error;
          })),
      TimeoutError,
      "after 5 ms",
    );
    assertInstanceOf(inner, CancelledError);
    assertStrictEquals(error.cause, inner);
    assertEquals(clock.now, 5);
  });
});

test("failAfter() inside a longer one throws to its caller, who may go on", async () => {
  await withVirtualClock(async (clock) => {
    await failAfter(50, async () => {
      await assertRejects(() => failAfter(5, forever), TimeoutError);
      await sleep(10);
    });
    assertEquals(clock.now, 15);
  });
});

test("failAfter() nested with the same deadline throws from the outermost only", async () => {
  await withVirtualClock(async () => {
    const thrown: string[] = [];
    const nest = (depth: number): Promise<unknown> =>
      failAfter(5, () => depth === 0 ? forever() : nest(depth - 1))
        .catch((error) => {
          thrown.push(error.name);
          throw error;
        });
    await assertRejects(() => nest(3), TimeoutError);
    assertEquals(thrown, [
      "AbortError",
      "AbortError",
      "AbortError",
      "TimeoutError",
    ]);
  });
});

test("failAt() nested with the same deadline throws from the outermost when that was moved there last", async () => {
  await withVirtualClock(async () => {
    let inner = "";
    await assertRejects(
      () =>
        failAt(100, (outer) =>
          failAt(20, () => {
            outer.deadline = 20;
            return forever();
          }).catch((error) => {
            inner = error.name;
            throw error;
          })),
      TimeoutError,
    );
    assertEquals(inner, "AbortError");
  });
});

test("moveOnAfter() nested with the same deadline ends at the outermost", async () => {
  await withVirtualClock(async () => {
    const seen: string[] = [];
    await moveOnAfter(5, async () => {
      await moveOnAfter(5, forever);
      seen.push("code after the inner one");
    });
    assertEquals(seen, []);
  });
});

test("failAfter() inside a shield is not ended by the outer limit", async () => {
  await withVirtualClock(async (clock) => {
    let inner = "";
    await assertRejects(
      () =>
        failAfter(
          5,
          () =>
            shield(() => failAfter(20, forever), { grace: 100 }).catch(
              (error) => {
                inner = error.name;
                throw error;
              },
            ),
        ),
      TimeoutError,
      "after 20 ms",
    );
    assertEquals(inner, "TimeoutError");
    assertEquals(clock.now, 20);
  });
});

test("failAfter() around a group cancels the children and throws after their cleanup", async () => {
  await withVirtualClock(async (clock) => {
    let child: unknown;
    await assertRejects(
      () =>
        failAfter(5, () =>
          TaskGroup.run((group) => {
            const task = group.spawn(slowCleanup(10));
            child = task;
          })),
      TimeoutError,
    );
    assertEquals((child as { status: string }).status, "cancelled");
    assertEquals(clock.now, 15);
  });
});

test("failAfter() lets an AggregateError of a group pass when the time is over as well", async () => {
  await withVirtualClock(async () => {
    const error = new Error("can't close");
    const group = await assertRejects(
      () =>
        failAfter(
          5,
          () =>
            TaskGroup.run((group) => void group.spawn(failsInCleanup(error))),
        ),
      AggregateError,
    );
    assertEquals(group.errors, [error]);
  });
});

test("failAfter() on the platform's own clock never fires early or twice", async () => {
  const start = currentTime();
  await assertRejects(() => failAfter(15, forever), TimeoutError);
  assert(currentTime() - start >= 15);
});
