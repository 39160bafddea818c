import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import {
  all,
  allSettled,
  any,
  asCompleted,
  CancelledError,
  type Competitor,
  createTask,
  race,
  TaskGroup,
} from "../mod.ts";
import { fails, forever } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { turn } from "./_probes.ts";
import { unhandledIn } from "./_unhandled.ts";

type Start = (items: Competitor<unknown>[]) => Promise<unknown>;

const calls: Readonly<Record<string, Start>> = {
  "all()": (items) => all(items),
  "any()": (items) => any(items),
  "race()": (items) => race(items),
  "allSettled()": (items) => allSettled(items),
  "asCompleted()": (items) => asCompleted(items).next(),
  "TaskGroup.run()": (items) =>
    TaskGroup.run((group) => {
      for (const item of items) {
        if (typeof item === "function") group.spawn(item);
      }
    }),
  "group.join()": (items) => {
    const group = new TaskGroup();
    for (const item of items) {
      if (typeof item === "function") group.spawn(item);
    }
    return group.join();
  },
};

for (const [name, call] of Object.entries(calls)) {
  test(`${name} that nobody awaits yet rejects with the outer cancellation, handled`, async () => {
    let late: unknown;
    const seen = await unhandledIn(async () => {
      const task = createTask(async () => {
        const wait = call([forever]);
        await turn();
        await turn();
        await wait.catch((error) => late = error);
        throw late;
      });
      task.cancel("outer");
      await assertRejects(() => task, CancelledError, "outer");
    });
    assertEquals(seen, []);
    assertEquals((late as CancelledError).reason.message, "outer");
  });

  if (name === "allSettled()") continue;

  test(`${name} that nobody awaits leaves a failure unhandled`, async () => {
    const error = new Error("disk full");
    let wait: Promise<unknown> | undefined;
    const seen = await unhandledIn(() => {
      wait = call([fails(error)]);
    });
    const thrown = await wait?.catch((error) => error);
    assertEquals(seen.length, 1);
    assertStrictEquals(seen[0], thrown);
  });
}

for (const name of ["all()", "race()", "asCompleted()"]) {
  test(`${name} that nobody awaits rejects with the cancellation of one of its tasks, handled`, async () => {
    const seen = await unhandledIn(() => {
      const task = createTask(forever);
      void calls[name]!([task]);
      task.cancel("only this one");
    });
    assertEquals(seen, []);
  });
}

test("group.start() that nobody awaits is handled when its caller or its child is cancelled", async () => {
  const seen = await unhandledIn(async () => {
    await TaskGroup.run(async (group) => {
      const caller = createTask(async () => {
        void group.start(forever);
        await turn();
        void group.start(forever);
      });
      caller.cancel("no longer");
      await caller.catch(() => {});
      void group.start(forever);
      group.cancel();
    });
  });
  assertEquals(seen, []);
});

test("group.start() that nobody awaits leaves a failure unhandled", async () => {
  const error = new Error("port in use");
  const seen = await unhandledIn(async () => {
    await TaskGroup.run((group) => {
      void group.start(fails(error));
    });
  });
  assertEquals(seen, [error]);
});
