import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  configure,
  createTask,
  currentTask,
  failAfter,
  type LostContext,
  moveOnAfter,
  shield,
  sleep,
  TaskGroup,
  TimeoutError,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { ended, withoutContext } from "./_probes.ts";
import { test } from "./_harness.ts";

/** Runs a test where the current task isn't known after an `await`. */
function explicit(name: string, body: () => Promise<void>): void {
  test(`without task context: ${name}`, async () => {
    await withoutContext(() => withVirtualClock(body));
  });
}

explicit("the synchronous part of a body knows its task", async () => {
  const task = createTask(() => {
    const child = createTask(() => currentTask()?.name, { name: "child" });
    return [currentTask()?.name, child.parent?.name, child.result()];
  }, { name: "outer" });
  // A body that returns at once has ended a turn later.
  assertEquals(await task.catch(() => "child is running"), "child is running");
});

explicit("failAfter() limits what its body begins", async () => {
  await assertRejects(() => failAfter(50, () => sleep(300)), TimeoutError);
});

explicit("limits nest in the synchronous part of a body", async () => {
  const task = createTask(() => failAfter(50, () => sleep(300)));
  await assertRejects(() => task, TimeoutError);
});

explicit("limits nest after an await when a context is handed on", async () => {
  const task = createTask(async (context) => {
    await context.sleep(1);
    return await moveOnAfter(
      60_000,
      async (scope) => {
        await scope.sleep(1);
        return await failAfter(
          60_000,
          (inner) => inner.sleep(300),
          { signal: scope },
        );
      },
      { signal: context },
    );
  });
  await sleep(10, { signal: null });
  task.cancel("enough");
  await ended(task);
  assertEquals(task.status, "cancelled");
  assertEquals(task.reason?.message, "enough");
});

explicit("a child belongs to the context that is its parent", async () => {
  const task = createTask(async (context) => {
    await context.sleep(1);
    const child = createTask(({ sleep }) => sleep(60_000), {
      parent: context,
      name: "child",
    });
    assertEquals(child.parent?.name, "outer");
    await child;
  }, { name: "outer" });
  await sleep(5, { signal: null });
  task.cancel();
  await ended(task);
  assertEquals(task.status, "cancelled");
});

explicit("a child can belong to a scope and to a group", async () => {
  await moveOnAfter(5, async (scope) => {
    await scope.sleep(1);
    const child = createTask(({ sleep }) => sleep(60_000), { parent: scope });
    await ended(child);
    assertEquals(child.status, "cancelled");
  }, { signal: null });
  const group = new TaskGroup();
  const child = createTask(({ sleep }) => sleep(60_000), { parent: group });
  group.cancel("enough");
  await ended(child);
  assertEquals(child.status, "cancelled");
  await group.join();
});

explicit(
  "shield() keeps the cancellation of a given context away",
  async () => {
    const task = createTask(async (context) => {
      await context.sleep(1);
      return await shield(async (own) => {
        await own.sleep(10);
        return "closed";
      }, { signal: context, grace: 100 });
    });
    await sleep(5, { signal: null });
    task.cancel();
    assertEquals(await task, "closed");
  },
);

explicit(
  "a call that has lost its context is told with its place, ten times",
  async () => {
    const told: LostContext[] = [];
    const before = configure({ onLostContext: (lost) => void told.push(lost) });
    try {
      const task = createTask(async (context) => {
        await context.sleep(1);
        for (let i = 0; i < 20; i++) await sleep(1);
      });
      await task;
    } finally {
      configure(before);
    }
    assertEquals(told.length, 10);
    assertEquals(told[0]?.what, "sleep()");
    assert(told[0]?.place.includes("explicit_mode_test"));
  },
);

explicit(
  "signal: null says that a call belongs to nobody on purpose",
  async () => {
    const told: unknown[] = [];
    const before = configure({ onLostContext: (lost) => void told.push(lost) });
    try {
      await createTask(async (context) => {
        await context.sleep(1);
        await sleep(1, { signal: null });
        await createTask(({ sleep }) => sleep(1), { signal: null });
        await createTask(({ sleep }) => sleep(1), { detached: true });
        await failAfter(10, (scope) => scope.sleep(1), { signal: null });
      });
    } finally {
      configure(before);
    }
    assertEquals(told, []);
  },
);

explicit(
  "context.isCancellation() knows whose cancellation it is",
  async () => {
    const task = createTask(async (context) => {
      const child = createTask(({ sleep }) => sleep(60_000));
      await context.sleep(1);
      child.cancel();
      const other = await child.catch((error: unknown) => error);
      const own = await context.sleep(60_000).catch((error: unknown) => error);
      return [context.isCancellation(other), context.isCancellation(own)];
    });
    await sleep(5, { signal: null });
    task.cancel("enough");
    assertEquals(await task, [false, true]);
  },
);
