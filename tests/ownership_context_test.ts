import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  CancelScope,
  createTask,
  failAfter,
  moveOnAfter,
  shield,
  sleep,
  timeLeft,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";

test("context.sleep() obeys the innermost scope that runs", async () => {
  await withVirtualClock(async (clock) => {
    await createTask(async ({ sleep, abortable }) => {
      await assertRejects(() => failAfter(50, () => sleep(400)));
      assertEquals(clock.now, 50);
      const never = new Promise(() => {});
      assertEquals(await moveOnAfter(50, () => abortable(never)), undefined);
      assertEquals(clock.now, 100);
      const scope = new CancelScope({ deadline: 150 });
      assertEquals(await scope.run(() => sleep(400)), undefined);
      assertEquals(clock.now, 150);
    });
  });
});

test("context.signal is that of the innermost scope that runs", async () => {
  await createTask(async (context) => {
    const outer = context.signal;
    await failAfter(1000, (scope) => {
      assertEquals(context.signal, scope.signal);
      assert(context.signal !== outer);
    });
    assertEquals(context.signal, outer);
  });
});

test("context.sleep() of an outer task isn't cut by an unrelated scope", async () => {
  await withVirtualClock(async (clock) => {
    const outer = createTask(async (context) => {
      await createTask(
        () => failAfter(10, () => context.sleep(5)),
        { detached: true },
      );
      return clock.now;
    });
    assertEquals(await outer, 5);
  });
});

test("context.cancelRequested is the task's, also in a scope", async () => {
  const task = createTask(() =>
    moveOnAfter(1000, (scope) => {
      scope.cancel();
      return scope.cancelRequested;
    })
  );
  assertEquals(await task, false);
});

test("timeLeft() tells what the nearest deadline leaves", async () => {
  await withVirtualClock(async () => {
    assertEquals(timeLeft(), Infinity);
    await failAfter(100, (outer) =>
      failAfter(500, async (inner) => {
        await sleep(40);
        assertEquals([timeLeft(), inner.timeLeft(), outer.timeLeft()], [
          60,
          60,
          60,
        ]);
        await shield(() => assertEquals(timeLeft(), Infinity));
      }));
  });
});

test("moveOnAfter() and scope.run() give the fallback for what was cut short", async () => {
  await withVirtualClock(async () => {
    const fallback = "cached";
    const slow = () => sleep(60_000).then(() => "fresh");
    assertEquals(await moveOnAfter(5, slow, { fallback }), "cached");
    const scope = new CancelScope();
    scope.cancel();
    assertEquals(await scope.run(slow, { fallback }), "cached");
    assertEquals(await moveOnAfter(5, () => "fast", { fallback }), "fast");
  });
});
