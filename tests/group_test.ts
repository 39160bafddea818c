import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  CancelledError,
  createTask,
  currentTask,
  InvalidStateError,
  sleep,
  TaskGroup,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { deafSleep, fails, forever } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { assertRefused, assertTasks, groupError } from "./_probes.ts";

test("TaskGroup.run() resolves with the value of its body", async () => {
  assertEquals(
    await TaskGroup.run(() => sleep(1).then(() => "value")),
    "value",
  );
});

test("TaskGroup.run() waits for its children", async () => {
  await withVirtualClock(async (clock) => {
    const value = await TaskGroup.run((group) => {
      group.spawn(() => sleep(20));
      group.spawn(() => sleep(30));
      return "value";
    });
    assertEquals(value, "value");
    assertEquals(clock.now, 30);
    assertTasks([]);
  });
});

test("TaskGroup.run() waits for children that children spawn, while it is closing too", async () => {
  await withVirtualClock(async (clock) => {
    const depths: number[] = [];
    await TaskGroup.run((group) => {
      const spawn = (depth: number): void => {
        group.spawn(async () => {
          await sleep(10);
          depths.push(depth);
          if (depth < 3) spawn(depth + 1);
        });
      };
      spawn(1);
    });
    assertEquals(depths, [1, 2, 3]);
    assertEquals(clock.now, 30);
  });
});

test("TaskGroup.run() starts its body at once, in the current task", async () => {
  await createTask(async () => {
    const outside = currentTask();
    let started = false;
    const run = TaskGroup.run(() => {
      started = true;
      assertStrictEquals(currentTask(), outside);
    });
    assert(started);
    await run;
  });
});

test("TaskGroup refuses bad arguments", async () => {
  const run = TaskGroup.run as (...args: unknown[]) => unknown;
  assertRefused(() => run(1), TypeError, "received 1");
  assertRefused(() => run(() => {}, { name: 7 }), TypeError, "received 7");
  assertRefused(() => run(() => {}, null), TypeError, "received null");
  await TaskGroup.run((group) => {
    const spawn = group.spawn.bind(group) as (...args: unknown[]) => unknown;
    const start = group.start.bind(group) as (...args: unknown[]) => unknown;
    for (const call of [spawn, start]) {
      assertRefused(() => call("body"), TypeError, 'received "body"');
      assertRefused(() => call(forever, { name: 7 }), TypeError, "received 7");
      assertRefused(
        () => call(forever, { service: 1 }),
        TypeError,
        "received 1",
      );
      assertRefused(() => call(forever, null), TypeError, "received null");
    }
    const cancel = group.cancel.bind(group) as (reason: unknown) => unknown;
    assertRefused(() => cancel(5), TypeError, "received 5");
  });
});

test("group.spawn() gives a task that can be awaited and has its own name", async () => {
  await TaskGroup.run(async (group) => {
    const named = group.spawn(() => 1, { name: "named" });
    const body = group.spawn(function countWords() {
      return 2;
    });
    assertEquals([named.name, body.name], ["named", "countWords"]);
    assertEquals(await named + await body, 3);
  });
});

test("group.spawn() makes children of the task that holds the group, wherever it is called", async () => {
  const holder = createTask(() =>
    TaskGroup.run(async (group) => {
      const own = currentTask();
      await createTask(() => {
        assertStrictEquals(group.spawn(() => {}).parent, own);
      });
    })
  );
  await holder;
});

test("group.size counts the children that run", async () => {
  await TaskGroup.run(async (group) => {
    assertEquals(group.size, 0);
    const one = group.spawn(forever);
    group.spawn(() => sleep(1), { service: true });
    assertEquals(group.size, 2);
    one.cancel();
    await one.catch(() => {});
    assertEquals(group.size, 1);
  });
});

// Refusing

test("group.spawn() throws when the group is cancelled, and never starts the body", async () => {
  let started = false;
  const value = await TaskGroup.run((group) => {
    group.cancel("enough");
    const error = assertThrows(
      () =>
        group.spawn(() => {
          started = true;
        }),
      InvalidStateError,
      'Cannot spawn in group "g": it is cancelled',
    );
    assertInstanceOf(error.cause, CancelledError);
    return "value";
  }, { name: "g" });
  assertEquals(value, "value");
  assertFalse(started);
});

test("group.spawn() throws when the group has ended", async () => {
  let kept: TaskGroup | undefined;
  await TaskGroup.run((group) => {
    kept = group;
  }, { name: "g" });
  assertRefused(
    () => kept!.spawn(forever),
    InvalidStateError,
    'Cannot spawn in group "g": it has ended',
  );
  assertRefused(
    () => kept!.start(forever),
    InvalidStateError,
    'Cannot spawn in group "g": it has ended',
  );
});

test("group.spawn() throws after a failure, and the refusal is no error of its own", async () => {
  const error = new Error("real");
  const caught = await groupError(TaskGroup.run(async (group) => {
    group.spawn(fails(error));
    await deafSleep(1);
    group.spawn(forever);
  }));
  assertEquals(caught.errors, [error]);
});

test("group.spawn() that is refused in a child adds no error to the group's", async () => {
  const error = new Error("real");
  const caught = await groupError(TaskGroup.run((group) => {
    for (let i = 0; i < 3; i++) {
      group.spawn(async () => {
        await deafSleep(1);
        group.spawn(forever);
      });
    }
    group.spawn(fails(error));
  }));
  assertEquals(caught.errors, [error]);
});

test("group.spawn() that is refused in a child doesn't make group.cancel() loud", async () => {
  const value = await TaskGroup.run((group) => {
    group.spawn(async () => {
      await deafSleep(1);
      group.spawn(forever);
    });
    group.cancel();
    return "quiet";
  });
  assertEquals(value, "quiet");
});

test("group.spawn() that is refused in a child under outer cancellation rejects with that", async () => {
  const task = createTask(() =>
    TaskGroup.run((group) => {
      group.spawn(async () => {
        await deafSleep(1);
        group.spawn(forever);
      });
    })
  );
  task.cancel("outer");
  await assertRejects(() => task, CancelledError, "outer");
});

// Forgetting

test("a group forgets finished children at once: 100,000 go through one", async () => {
  await TaskGroup.run(async (group) => {
    let most = 0;
    for (let i = 0; i < 1000; i++) {
      for (let j = 0; j < 100; j++) group.spawn(() => {});
      most = Math.max(most, group.size);
      await null;
      await null;
      await null;
    }
    assertEquals(most, 100);
    assertEquals(group.size, 0);
    assertTasks([]);
  });
});
