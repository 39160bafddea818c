import {
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  any,
  CancelledError,
  checkpoint,
  createTask,
  currentTask,
  formatReason,
  race,
  sleep,
  type Task,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import {
  after,
  collectingFailures,
  fails,
  failsInCleanup,
  forever,
  slowCleanup,
  stubborn,
} from "./_bodies.ts";
import { test } from "./_harness.ts";
import { assertRefused, turn } from "./_probes.ts";

for (const [name, run] of Object.entries({ any, race })) {
  test(`${name}() throws when it is given nothing`, () => {
    assertRefused(
      () => run([]),
      TypeError,
      `Cannot use ${name}(): expected at least one body or task, received none`,
    );
  });

  test(`${name}() cancels and joins the losers before it gives the first value`, async () => {
    await withVirtualClock(async (clock) => {
      let loser: Task | undefined;
      const value = await run([
        after(10, "winner"),
        async () => {
          loser = currentTask();
          await slowCleanup(25)();
          return "loser";
        },
      ]);
      assertEquals(value, "winner");
      assertEquals(clock.now, 35);
      assertEquals(loser?.status, "cancelled");
      assertEquals(
        formatReason(loser!.reason!),
        "cancelled with its parent <- cancelled with its group: another one was first",
      );
    });
  });

  test(`${name}() cancels a running task that loses`, async () => {
    const loser = createTask(forever);
    assertEquals(
      await run([loser as Task<unknown>, after(1, "winner")]),
      "winner",
    );
    assertEquals(loser.status, "cancelled");
    assertEquals(loser.reason?.message, "another one was first");
  });

  test(`${name}() waits for a loser that ignores its cancellation`, async () => {
    await withVirtualClock(async (clock) => {
      assertEquals(await run([after(1, "winner"), stubborn(40)]), "winner");
      assertEquals(clock.now, 40);
    });
  });

  test(`${name}() gives its value when outer cancellation comes during the join of the losers`, async () => {
    await withVirtualClock(async () => {
      const task = createTask(async () => {
        const value = await run([after(1, "winner"), stubborn(40)]);
        await assertRejects(() => checkpoint(), CancelledError);
        return value;
      });
      await sleep(5);
      task.cancel("outer");
      assertEquals(await task, "winner");
    });
  });

  test(`${name}() reports once what a loser throws in its cleanup`, async () => {
    const error = new Error("can't close");
    await collectingFailures(async (failures) => {
      await createTask(() =>
        run<unknown>([after(1, "winner"), failsInCleanup(error)])
      );
      await turn();
      assertEquals(failures.map(({ error }) => error), [error]);
    });
  });
}

test("any() ignores failures until one completes", async () => {
  await collectingFailures(async (failures) => {
    const value = await any([fails(new Error("down")), after(2, "up")]);
    assertEquals(value, "up");
    await turn();
    assertEquals(failures, []);
  });
});

test("any() throws an AggregateError in the order of its items when none completes", async () => {
  await withVirtualClock(async () => {
    const [one, two] = [new Error("one"), new Error("two")];
    const caught = await assertRejects(
      () => any([() => sleep(20).then(fails(one)), fails(two)]),
      AggregateError,
      "None of 2 completed",
    );
    assertEquals(caught.errors, [one, two]);
  });
});

test("any() counts a cancelled task as one that didn't complete", async () => {
  const task = createTask(forever);
  const run = any<unknown>([task, after(1, "value")]);
  task.cancel();
  assertEquals(await run, "value");
  const other = createTask(forever);
  const none = any([other]);
  other.cancel("not this one");
  const caught = await assertRejects(() => none, AggregateError);
  assertInstanceOf(caught.errors[0], CancelledError);
});

test("race() settles as the first does, also when that fails", async () => {
  await withVirtualClock(async (clock) => {
    const error = new Error("first");
    const caught = await assertRejects(() =>
      race([after(30, "slow"), () => sleep(10).then(fails(error))])
    );
    assertStrictEquals(caught, error);
    assertEquals(clock.now, 10);
  });
});

test("race() is won by the first item when two are ready in one tick", async () => {
  assertEquals(await race([() => "a", () => "b"]), "a");
});

test("race() works as a timeout whose loser is stopped and waited for", async () => {
  await withVirtualClock(async (clock) => {
    const work = createTask(slowCleanup(10));
    const winner = await race<unknown>([work, after(20, "too late")]);
    assertEquals(winner, "too late");
    assertEquals(work.status, "cancelled");
    assertEquals(clock.now, 30);
  });
});

test("any() reports the failures that it has seen when outer cancellation ends it", async () => {
  const error = new Error("mirror 1 is broken");
  for (let turns = 0; turns < 4; turns++) {
    await collectingFailures(async (failures) => {
      const task = createTask(() => any([fails(error), forever]));
      for (let i = 0; i < turns; i++) await turn();
      task.cancel("stop");
      await assertRejects(() => task, CancelledError, "stop");
      await turn();
      assertEquals(failures.map(({ error }) => error), [error]);
    });
  }
});

test("any() gives the first of its errors as the cause", async () => {
  const error = new Error("one");
  const caught = await assertRejects(
    () => any([fails(error), fails(new Error("two"))]),
    AggregateError,
  );
  assertStrictEquals(caught.cause, error);
});
