import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  allTasks,
  AsyncEvent,
  CancelledError,
  CancelScope,
  createTask,
  formatReason,
  shield,
  sleep,
  type Task,
  TaskGroup,
} from "../mod.ts";
import type { CancelNode } from "../src/core/node.ts";
import { withVirtualClock } from "../testing.ts";
import { collectingFailures, deafSleep, failsInCleanup } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { assertTasks, spy } from "./_probes.ts";
import { cancelledAround, forever } from "./_bodies.ts";

// Grace

test("shield() cancels its body when the grace period is over", async () => {
  await withVirtualClock(async (clock) => {
    let seen: unknown;
    const task = cancelledAround(() =>
      shield(() => forever().catch((error) => seen = error), { grace: 40 })
    );
    await assertRejects(() => task, CancelledError);
    assertEquals(clock.now, 40);
    assertInstanceOf(seen, CancelledError);
    assertEquals(seen.reason.kind, "timeout");
    assertEquals(
      formatReason(seen.reason),
      'timed out by task "owner" <- cancelled: outer',
    );
  });
});

test("shield() counts the grace from the cancellation, not from its start", async () => {
  await withVirtualClock(async (clock) => {
    const task = createTask(() => shield(forever, { grace: 40 }));
    await sleep(1000);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    assertEquals(clock.now, 1040);
  });
});

test("shield() has a grace of 1000 milliseconds when none is given", async () => {
  await withVirtualClock(async (clock) => {
    await cancelledAround(() => shield(forever)).catch(() => {});
    assertEquals(clock.now, 1000);
  });
});

test("shield() never ends its body when nothing is cancelled, and holds no timer", async () => {
  await withVirtualClock(async (clock) => {
    const task = createTask(() =>
      shield(async () => {
        assertEquals(clock.timers, 0);
        await sleep(5000);
        return "kept";
      }, { grace: 0 })
    );
    assertEquals(await task, "kept");
  });
});

test("shield() waits without limit when the grace is Infinity", async () => {
  await withVirtualClock(async (clock) => {
    const task = cancelledAround(() =>
      shield(() => sleep(1e9), { grace: Infinity })
    );
    await assertRejects(() => task, CancelledError);
    assertEquals(clock.now, 1e9);
  });
});

test("shield() cancels its body at once when the grace is zero", async () => {
  await withVirtualClock(async (clock) => {
    const task = createTask(() => shield(forever, { grace: 0 }));
    await sleep(5);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    assertEquals(clock.now, 5);

    const seen: boolean[] = [];
    await cancelledAround(() =>
      shield(({ signal }) => void seen.push(signal.aborted), { grace: 0 })
    ).catch(() => {});
    assertEquals(seen, [true]);
  });
});

test("shield() waits for a body that goes on after the grace: no orphan", async () => {
  await withVirtualClock(async (clock) => {
    const task = cancelledAround(() =>
      shield(() => deafSleep(500), { grace: 40 })
    );
    await assertRejects(() => task, CancelledError);
    assertEquals(clock.now, 500);
    assertTasks([]);
  });
});

test("shield() loses no error that its body throws when the grace is over", async () => {
  await withVirtualClock(async () => {
    const error = new Error("can't close");
    await collectingFailures(async (failures) => {
      const task = cancelledAround(() =>
        shield(failsInCleanup(error), { grace: 40 })
      );
      assertStrictEquals(await assertRejects(() => task), error);
      assertEquals(failures, []);
    });
  });
});

test("shield() cancels the tasks inside when the grace is over", async () => {
  await withVirtualClock(async (clock) => {
    let inside: Task<void> | undefined;
    const task = cancelledAround(() =>
      shield(() => inside = createTask(forever), { grace: 40 })
    );
    await assertRejects(() => task, CancelledError);
    assertEquals(inside?.status, "cancelled");
    assertEquals(clock.now, 40);
  });
});

test("shield() inside a shield has its own grace after that of the outer", async () => {
  await withVirtualClock(async (clock) => {
    await cancelledAround(() =>
      shield(() => shield(forever, { grace: 20 }), { grace: 30 })
    ).catch(() => {});
    assertEquals(clock.now, 50);
  });
});

test("shield() is ended by the scope whose cancellation it keeps away, through the grace", async () => {
  await withVirtualClock(async (clock) => {
    const scope = new CancelScope({ deadline: 10 });
    await scope.run(() => shield(forever, { grace: 15 }));
    assertEquals(clock.now, 25);
    assert(scope.cancelledCaught);
  });
});

// An explicit source

test("shield() keeps away the source that it is given, for the grace", async () => {
  await withVirtualClock(async (clock) => {
    const event = new AsyncEvent();
    const wait = shield(forever, { grace: 20, signal: event });
    await sleep(5);
    event.set();
    const error = await assertRejects(() => wait, CancelledError);
    assertEquals(error.reason.cause?.kind, "event");
    assertEquals(clock.now, 25);
  });
});

test("shield() under a signal that is aborted begins with the grace", async () => {
  await withVirtualClock(async (clock) => {
    const signal = AbortSignal.abort();
    assertEquals(await shield(() => sleep(5).then(() => 1), { signal }), 1);
    await assertRejects(() => shield(forever, { signal, grace: 20 }));
    assertEquals(clock.now, 25);
  });
});

// Nothing is left

test("10,000 shields on one inner task leave no listener and no timer", async () => {
  await withVirtualClock(async (clock) => {
    const inner = createTask(({ sleep }) => sleep(50).then(() => "inner"));
    const probe = spy();
    const { signal } = probe;
    const outer = createTask(() =>
      Promise.all(
        Array.from({ length: 10_000 }, () => shield(() => inner, { signal })),
      )
    );
    await outer;
    assertEquals(probe.most, 1);
    assertEquals(probe.now, 0);
    assertEquals(clock.timers, 0);
    for (const task of [inner, outer] as unknown as CancelNode[]) {
      assertEquals(task.listeners, null);
      assertEquals(task.head, null);
    }
  });
});

test("10,000 shields that run out of grace on one inner task leave nothing on it", async () => {
  await withVirtualClock(async (clock) => {
    const inner = createTask(forever);
    const outer = createTask(() =>
      Promise.allSettled(
        Array.from({ length: 10_000 }, () =>
          shield(({ abortable }) => abortable(inner), { grace: 5 })),
      )
    );
    outer.cancel();
    const results = await outer;
    assertEquals(
      new Set(results.map(({ status }) => status)),
      new Set(["rejected"]),
    );
    assertEquals(clock.timers, 0);
    const node = inner as unknown as CancelNode;
    // The one that waits in inner's own body.
    assertStrictEquals(node.listeners?.after, node.listeners);
    assertFalse(inner.cancelRequested);
    inner.cancel();
    await inner.catch(() => {});
    assertEquals(allTasks(), []);
  });
});

test("shield() leaves no timer when its body ends within the grace", async () => {
  await withVirtualClock(async (clock) => {
    await cancelledAround(() => shield(() => sleep(5))).catch(() => {});
    assertEquals(clock.now, 5);
    assertEquals(clock.timers, 0);
  });
});

test("a service task's failure inside a shield reaches the group that is shielded", async () => {
  const error = new Error("broken");
  const caught = await assertRejects(
    () =>
      shield(() =>
        TaskGroup.run((group) => {
          group.spawn(() => Promise.reject(error), { service: true });
          return forever();
        })
      ),
    AggregateError,
  );
  assertEquals(caught.errors, [error]);
});
