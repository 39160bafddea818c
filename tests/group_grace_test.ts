import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  allTasks,
  createTask,
  currentTask,
  findError,
  sleep,
  StuckError,
  TaskGroup,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import {
  collectingFailures,
  deafSleep,
  fails,
  failsInCleanup,
  forever,
  slowCleanup,
  stubborn,
} from "./_bodies.ts";
import { test } from "./_harness.ts";
import { assertRefused, groupError } from "./_probes.ts";
import { names } from "./_bodies.ts";

test("a group with a grace names who has not ended in time, after its own errors", async () => {
  await withVirtualClock(async (clock) => {
    const error = new Error("disk full");
    const caught = await groupError(TaskGroup.run((group) => {
      group.spawn(stubborn(500), { name: "upload" });
      group.spawn(slowCleanup(20), { name: "polite" });
      group.spawn(fails(error));
    }, { name: "g", grace: 100 }));
    assertEquals(clock.now, 100);
    assertEquals(caught.errors.length, 2);
    assertStrictEquals(caught.errors[0], error);
    assertStrictEquals(caught.cause, error);
    const stuck = caught.errors[1];
    assertInstanceOf(stuck, StuckError);
    assertEquals(stuck.name, "StuckError");
    assertEquals(names(stuck.tasks), ["upload"]);
    assertEquals(
      stuck.message,
      'Cannot end group "g": task "upload" has not ended within 100 ms',
    );
    await clock.advance(1000);
  });
});

test("a group with a grace names the stuck also when the cancellation came from outside", async () => {
  await withVirtualClock(async (clock) => {
    const task = createTask(() =>
      TaskGroup.run(async (group) => {
        group.spawn(stubborn(500), { name: "one" });
        group.spawn(stubborn(500), { name: "two" });
        await forever();
      }, { grace: 50 })
    );
    task.cancel("outer");
    const caught = await groupError(task);
    assertEquals(clock.now, 50);
    assertEquals(names(findError(caught, StuckError)!.tasks), ["one", "two"]);
    await clock.advance(1000);
  });
});

test("a group with a grace hands the stuck to the next ancestor that runs", async () => {
  await withVirtualClock(async (clock) => {
    const owner = createTask(async () => {
      const caught = await groupError(TaskGroup.run((group) => {
        group.spawn(stubborn(500), { name: "stuck" });
        group.cancel();
      }, { grace: 50 }));
      assertEquals(names(allTasks()), ["owner", "stuck"]);
      const { tasks } = findError(caught, StuckError)!;
      assertStrictEquals(tasks[0]?.parent, currentTask());
      return tasks;
    }, { name: "owner" });
    const [stuck] = await owner;
    assertEquals(stuck?.status, "cancelling");
    await clock.advance(1000);
    assertEquals(stuck?.status, "completed");
  });
});

test("a group with a grace lets its owner report what the stuck fail with later", async () => {
  await withVirtualClock(async (clock) => {
    const error = new Error("too late");
    await collectingFailures(async (failures) => {
      await createTask(async () => {
        await groupError(TaskGroup.run((group) => {
          group.spawn(() => deafSleep(100).then(fails(error)));
          group.cancel();
        }, { grace: 50 }));
        await deafSleep(100);
      });
      await clock.advance(1000);
      assertEquals(failures.map(({ error }) => error), [error]);
    });
  });
});

test("a group with a grace waits no longer than its children need", async () => {
  await withVirtualClock(async (clock) => {
    const value = await TaskGroup.run((group) => {
      group.spawn(slowCleanup(20));
      group.cancel();
      return "value";
    }, { grace: 100 });
    assertEquals([value, clock.now, clock.timers], ["value", 20, 0]);
  });
});

test("a group with a grace lets children that aren't cancelled take their time", async () => {
  await withVirtualClock(async (clock) => {
    await TaskGroup.run((group) => {
      group.spawn(() => sleep(500));
      group.spawn(forever, { service: true });
    }, { grace: 10 });
    assertEquals(clock.now, 500);
  });
});

test("a group with a grace of 0 gives children the turn in which they are cancelled", async () => {
  await TaskGroup.run((group) => {
    group.spawn(forever);
    group.cancel();
  }, { grace: 0 });
});

test("a group with a grace doesn't hang behind a body that awaits a stuck child", async () => {
  await withVirtualClock(async (clock) => {
    const caught = await groupError(TaskGroup.run(async (group) => {
      const child = group.spawn(stubborn(500), { name: "child" });
      group.cancel();
      return await child;
    }, { name: "g", grace: 100 }));
    assertEquals(clock.now, 100);
    assertEquals(
      findError(caught, StuckError)?.message,
      'Cannot end group "g": task "child" and its body have not ended within 100 ms',
    );
    await clock.advance(1000);
  });
});

test("a group with a grace reports what a stuck body fails with later", async () => {
  await withVirtualClock(async (clock) => {
    const error = new Error("too late");
    await collectingFailures(async (failures) => {
      const caught = await groupError(TaskGroup.run(async (group) => {
        group.cancel();
        await deafSleep(100);
        throw error;
      }, { name: "g", grace: 50 }));
      assertEquals(findError(caught, StuckError)?.tasks, []);
      await clock.advance(1000);
      assertEquals(failures.map(({ error }) => error), [error]);
    });
  });
});

test("a group with a grace that is opened by hand measures it from its cancellation on", async () => {
  await withVirtualClock(async (clock) => {
    const group = new TaskGroup({ grace: 100 });
    group.spawn(stubborn(500), { name: "job" });
    group.cancel();
    await sleep(40);
    // Nobody waits yet: the only timer is the child's.
    assertEquals(clock.timers, 1);
    const caught = await groupError(group.join());
    assertEquals(clock.now, 100);
    assertEquals(names(findError(caught, StuckError)!.tasks), ["job"]);
    await clock.advance(1000);
  });
});

test("group[Symbol.asyncDispose]() gives up on the stuck after the grace", async () => {
  await withVirtualClock(async (clock) => {
    const group = new TaskGroup({ grace: 100 });
    group.spawn(stubborn(500));
    const caught = await groupError(group[Symbol.asyncDispose]());
    assert(findError(caught, StuckError) !== undefined);
    await clock.advance(1000);
  });
});

test("a group with a grace leaves no timer when a child fails in its cleanup", async () => {
  await withVirtualClock(async (clock) => {
    const error = new Error("can't close");
    const caught = await groupError(TaskGroup.run((group) => {
      group.spawn(failsInCleanup(error));
      group.cancel();
    }, { grace: 100 }));
    assertEquals(caught.errors, [error]);
    assertEquals(clock.timers, 0);
  });
});

test("TaskGroup refuses a bad grace, a bad service and unknown options", async () => {
  const make = (options: unknown) => () => new TaskGroup(options as object);
  assertRefused(make({ grace: -1 }), RangeError, "received -1");
  assertRefused(make({ grace: NaN }), RangeError, "received NaN");
  assertRefused(make({ grace: "1" }), TypeError, 'received "1"');
  assertRefused(
    make({ timeout: 5 }),
    TypeError,
    'unknown option "timeout"; did you mean "grace"?',
  );
  assertRefused(make({ fallback: 1 }), TypeError, 'unknown option "fallback"');
  const run = TaskGroup.run as (...args: unknown[]) => unknown;
  assertRefused(
    () => run(() => {}, { fallbacks: 1 }),
    TypeError,
    'did you mean "fallback"?',
  );
  await TaskGroup.run((group) => {
    const spawn = group.spawn.bind(group) as (...args: unknown[]) => unknown;
    assertRefused(
      () => spawn(forever, { service: "last" }),
      TypeError,
      'received "last"',
    );
    assertRefused(
      () => spawn(forever, { services: true }),
      TypeError,
      'unknown option "services"; did you mean "service"?',
    );
    const start = group.start.bind(group) as (...args: unknown[]) => unknown;
    assertRefused(
      () => start(forever, { signals: null }),
      TypeError,
      'unknown option "signals"; did you mean "signal"?',
    );
  });
});

test("TaskGroup.run() gives its fallback when group.cancel() cut its body short, and else the value", async () => {
  const cut = await TaskGroup.run(async (group) => {
    group.cancel();
    await forever();
    return 1;
  }, { fallback: "none" });
  const ready = await TaskGroup.run((group) => {
    group.cancel();
    return 1;
  }, { fallback: "none" });
  assertEquals([cut, ready], ["none", 1]);
  const task = createTask(() =>
    TaskGroup.run(() => forever(), { fallback: "none" })
  );
  task.cancel("outer");
  await assertRejects(() => task, Error, "outer");
});
