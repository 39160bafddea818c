/**
 * Sweeps are ended by their time, not by their caller's cancellation; without
 * a limit that is what ends them.
 */
import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import {
  cancelAndWait,
  cleanupLingeringTasks,
  createTask,
  sleep,
  type Task,
  TaskTracker,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { collectingFailures, slowCleanup, turns } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { ended } from "./_probes.ts";

type Sweep = (timeout: number) => Promise<unknown>;

/** Each way to sweep a task with a slow cleanup. */
const SWEEPS: Record<string, (child: Task, tracker: TaskTracker) => Sweep> = {
  "cancelAndWait()": (child) => (timeout) => cancelAndWait(child, { timeout }),
  "tracker.cancelAll()": (child, tracker) => {
    void tracker.add(child);
    return (timeout) => tracker.cancelAll({ timeout });
  },
  "cleanupLingeringTasks()": () => (timeout) =>
    cleanupLingeringTasks({ timeout }),
};

for (const [name, make] of Object.entries(SWEEPS)) {
  const started = (cleanup = 500) => {
    const child = createTask(slowCleanup(cleanup), { name: "child" });
    return { child, sweep: make(child, new TaskTracker()) };
  };

  test(`${name} without a limit rejects when its caller is cancelled`, async () => {
    await withVirtualClock(async (clock) => {
      const { child, sweep } = started();
      const caller = createTask(() => sweep(Infinity));
      await sleep(10);
      assertEquals([child.status, clock.timers], ["cancelling", 1]);
      const reason = new Error("enough");
      caller.cancel(reason);
      assertStrictEquals(await assertRejects(() => caller), reason);
      assertEquals([clock.now, caller.status], [10, "cancelled"]);
      assertEquals(child.status, "cancelling");
      await ended(child);
      assertEquals(clock.now, 500);
    });
  });

  test(`${name} without a limit cancels its task though the caller was cancelled before`, async () => {
    await withVirtualClock(async (clock) => {
      const { child, sweep } = started();
      const caller = createTask(async () => {
        await sleep(10).catch(() => {});
        await sweep(Infinity);
      });
      caller.cancel();
      await ended(caller);
      assertEquals([caller.status, child.status], ["cancelled", "cancelling"]);
      assertEquals(clock.now, 0);
      await ended(child);
    });
  });

  test(`${name} with a limit isn't ended by the cancellation of its caller`, async () => {
    await withVirtualClock(async (clock) => {
      const { child, sweep } = started();
      const caller = createTask(() => sweep(60_000));
      await sleep(10);
      caller.cancel();
      await ended(caller);
      assertEquals([clock.now, child.status], [500, "cancelled"]);
    });
  });

  test(`${name} without a limit is no unhandled rejection when nobody awaits it`, async () => {
    await withVirtualClock(async () => {
      const { child, sweep } = started();
      const caller = createTask(async () => {
        void sweep(Infinity);
        await sleep(10_000);
      });
      caller.cancel();
      await ended(caller);
      await ended(child);
    });
  });
}

/** A task that fails in its cleanup, at once. */
const failing = (name: string) =>
  createTask(async ({ sleep }) => {
    await sleep(Infinity).catch(() => {});
    throw new Error(`${name} is broken`);
  }, { name });

test("a sweep that is given up reports who failed in its cleanup meanwhile", async () => {
  for (const tracked of [true, false]) {
    await withVirtualClock(() =>
      collectingFailures(async (failures) => {
        const tracker = new TaskTracker();
        const slow = createTask(slowCleanup(500), { name: "slow" });
        for (const task of [failing("quick"), slow]) {
          if (tracked) void tracker.add(task);
        }
        const caller = createTask(async () => {
          const options = { timeout: Infinity };
          if (tracked) await tracker.cancelAll(options);
          else await cleanupLingeringTasks(options);
        });
        await sleep(10);
        assertEquals(failures, []);
        caller.cancel();
        await ended(caller);
        assertEquals(failures.map(({ name }) => name), ["quick"]);
        await ended(slow);
        await turns();
        assertEquals(failures.length, 1);
      })
    );
  }
});

test("tracker.cancelAll() that is given up keeps earlier failures for the next", async () => {
  await withVirtualClock(() =>
    collectingFailures(async (failures) => {
      const tracker = new TaskTracker();
      void tracker.spawn(() => Promise.reject(new Error("early")), {
        name: "early",
        detached: true,
      });
      const slow = tracker.spawn(slowCleanup(500), { name: "slow" });
      await sleep(10);
      const caller = createTask(() => tracker.cancelAll({ timeout: Infinity }));
      caller.cancel();
      await ended(caller);
      const { tasks } = await tracker.cancelAll();
      assertEquals(tasks.map(({ name, status }) => [name, status]), [
        ["early", "failed"],
        ["slow", "cancelled"],
      ]);
      await ended(slow);
      await tracker[Symbol.asyncDispose]();
      assertEquals(failures, []);
    })
  );
});
