import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  CancelledError,
  createTask,
  failAfter,
  findError,
  race,
  shield,
  sleep,
  TaskGroup,
  TimeoutError,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { fails, forever } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { groupError, onAbort } from "./_probes.ts";

test("TaskGroup.run() gives its body a context of the group", async () => {
  await withVirtualClock(async (clock) => {
    const error = new Error("sibling");
    let reason: unknown;
    const caught = await groupError(
      TaskGroup.run(async (group, { sleep: pause, signal, name }) => {
        assertEquals([name, signal], ["g", group.signal]);
        group.spawn(() => sleep(10).then(fails(error)));
        await pause(60_000).catch((caught) => {
          reason = caught;
          throw caught;
        });
      }, { name: "g" }),
    );
    assertEquals([caught.errors, clock.now], [[error], 10]);
    assertInstanceOf(reason, CancelledError);
    assertEquals(reason.reason.kind, "group");
  });
});

test("the context of a group's body can wait for anything, and checks", async () => {
  await TaskGroup.run(async (group, context) => {
    group.cancel("enough");
    const cut = { message: "enough" };
    // eslint-disable-next-line mdc/require-loop-cancellation-check -- what ends it is tested
    for (
      const wait of [
        () => context.checkpoint(),
        () => context.abortable(Promise.resolve()),
        () => context.sleep(0),
      ]
    ) {
      const error = await assertRejects(wait, CancelledError);
      assertEquals(error.reason.message, cut.message);
    }
  });
});

test("a child that awaits another child which was cancelled alone fails the group", async () => {
  let saved = false;
  const caught = await groupError(TaskGroup.run((group) => {
    const alone = group.spawn(forever);
    group.spawn(async () => {
      await alone;
      saved = true;
    });
    alone.cancel("only this one");
  }));
  assert(!saved);
  const error = findError(caught, CancelledError);
  assertEquals(error?.reason.message, "only this one");
});

test("a group whose body awaits its own children under group.cancel() ends quietly", async () => {
  const value = await TaskGroup.run(async (group) => {
    const child = group.spawn(forever);
    group.cancel();
    await child;
  });
  assertEquals(value, undefined);
});

test("a group whose body awaits its own children under outer cancellation rejects with that", async () => {
  const task = createTask(() =>
    TaskGroup.run(async (group) => {
      const child = group.spawn(forever);
      await child;
    })
  );
  task.cancel("outer");
  await assertRejects(() => task, CancelledError, "outer");
  assertEquals(task.status, "cancelled");
});

test("a wait of the outer context in the body of a group is cut by the group", async () => {
  await withVirtualClock(async (clock) => {
    const error = new Error("sibling");
    const task = createTask(async (outer) => {
      await TaskGroup.run(async (group) => {
        group.spawn(() => sleep(10).then(fails(error)));
        await outer.sleep(60_000);
      });
    });
    assertEquals((await groupError(task)).errors, [error]);
    assertEquals(clock.now, 10);
  });
});

test("a wait of the outer context in a body of race() is cut when it loses", async () => {
  await withVirtualClock(async (clock) => {
    const task = createTask((outer) =>
      race([
        () => outer.sleep(60_000).then(() => "late"),
        () => sleep(10).then(() => "first"),
      ])
    );
    assertEquals([await task, clock.now], ["first", 10]);
  });
});

test("a group whose body fails by a time limit of its own has failed", async () => {
  await withVirtualClock(async () => {
    const caught = await groupError(
      TaskGroup.run(() => failAfter(10, () => forever())),
    );
    assertInstanceOf(caught.errors[0], TimeoutError);
  });
});

test("a group whose body was cancelled by a scope of its own ends with that", async () => {
  const task = createTask(() =>
    TaskGroup.run(() =>
      shield((scope) => {
        scope.cancel("enough");
        return scope.sleep(60_000);
      })
    )
  );
  await assertRejects(() => task, CancelledError, "enough");
  assertEquals(task.status, "cancelled");
});

test("a body that rejects with the reason of the outer cancellation, whatever it is, isn't a failure", async () => {
  for (
    const reason of ["text", { code: 7 }, new RangeError("quota")]
  ) {
    const controller = new AbortController();
    const run = TaskGroup.run(
      (_, { signal }) =>
        new Promise((_, reject) => {
          onAbort(signal, () => reject(signal.reason));
        }),
      { signal: controller.signal },
    );
    controller.abort(reason);
    const caught = await run.catch((error) => error);
    if (reason instanceof Error) assertStrictEquals(caught, reason);
    assertEquals(caught instanceof AggregateError, false);
  }
});

test("a body that rejects with an abort error of its own making has failed", async () => {
  const error = new DOMException("stopped", "AbortError");
  const caught = await groupError(TaskGroup.run(fails(error)));
  assertStrictEquals(caught.errors[0], error);
});
