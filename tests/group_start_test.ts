import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  CancelledError,
  CancelScope,
  checkpoint,
  createTask,
  currentTask,
  InvalidStateError,
  sleep,
  type Task,
  type TaskContext,
  TaskGroup,
} from "../mod.ts";
import type { CancelNode } from "../src/core/node.ts";
import { withVirtualClock } from "../testing.ts";
import { fails, failsInCleanup, forever } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { groupError, turn } from "./_probes.ts";

test("group.start() waits for the readiness value of the child", async () => {
  await withVirtualClock(async (clock) => {
    await TaskGroup.run(async (group) => {
      const port = await group.start<number>(async (_, started) => {
        await sleep(20);
        started(8080);
        await sleep(30);
      });
      assertEquals([port, clock.now], [8080, 20]);
      assertEquals(group.size, 1);
    });
    assertEquals(clock.now, 50);
  });
});

test("group.start() gives its body a context", async () => {
  await TaskGroup.run(async (group) => {
    const name = await group.start<string>((context, started) => {
      started(context.name);
    }, { name: "server" });
    assertEquals(name, "server");
  });
});

test("group.start() may be ready before its body first waits", async () => {
  await TaskGroup.run(async (group) => {
    assertEquals(await group.start<number>((_, started) => started(1)), 1);
  });
});

test("group.start() rejects with what the child throws before it is ready, to its caller alone", async () => {
  const error = new Error("port in use");
  const value = await TaskGroup.run(async (group) => {
    const sibling = group.spawn(() => sleep(2).then(() => "sibling"));
    const caught = await assertRejects(() => group.start(fails(error)));
    assertStrictEquals(caught, error);
    assertFalse(group.signal.aborted);
    return await sibling;
  });
  assertEquals(value, "sibling");
});

test("group.start() rejects when the child throws synchronously", async () => {
  await TaskGroup.run(async (group) => {
    await assertRejects(
      () =>
        group.start(() => {
          throw new RangeError("at once");
        }),
      RangeError,
    );
  });
});

test("group.start() rejects when the child ends without being ready", async () => {
  await TaskGroup.run(async (group) => {
    await assertRejects(
      () => group.start(() => sleep(1), { name: "server" }),
      InvalidStateError,
      'Cannot start task "server": it ended without calling started()',
    );
  });
});

test("group.start() rejects when the child is cancelled before it is ready", async () => {
  await TaskGroup.run(async (group) => {
    const wait = group.start(async ({ signal }) => {
      assertFalse(signal.aborted);
      currentTask()!.cancel("changed my mind");
      await checkpoint();
    });
    await assertRejects(() => wait, CancelledError, "changed my mind");
  });
});

test("group.start() cancels its child when its caller is cancelled", async () => {
  await TaskGroup.run(async (group) => {
    let child: Task | undefined;
    const caller = createTask(() =>
      group.start(() => {
        child = currentTask();
        return forever();
      })
    );
    caller.cancel("no longer");
    await assertRejects(() => caller, CancelledError, "no longer");
    await turn();
    assertEquals(child?.status, "cancelled");
    assertEquals(child?.reason?.message, "no longer");
    assertEquals(group.size, 0);
  });
});

test("group.start() loses no error that its child throws after its caller was cancelled", async () => {
  const error = new Error("can't close");
  const caught = await groupError(TaskGroup.run(async (group) => {
    const scope = new CancelScope();
    const wait = scope.run(() => group.start(failsInCleanup(error)));
    scope.cancel("enough");
    await wait;
    assert(scope.cancelledCaught);
    await forever();
  }));
  assertEquals(caught.errors, [error]);
});

test("group.start() rejects at the door when its caller is cancelled already", async () => {
  await TaskGroup.run(async (group) => {
    let started = false;
    const caller = createTask(async () => {
      await forever().catch(() => {});
      await group.start(() => {
        started = true;
        return forever();
      });
    });
    caller.cancel("before");
    await assertRejects(() => caller, CancelledError, "before");
    assertFalse(started);
  });
});

test("group.start() rejects with the group's cancellation when a sibling fails", async () => {
  const error = new Error("sibling");
  let start: unknown;
  const caught = await groupError(TaskGroup.run(async (group) => {
    group.spawn(() => sleep(1).then(fails(error)));
    await group.start(forever).catch((reason) => {
      start = reason;
      throw reason;
    });
  }));
  assertEquals(caught.errors, [error]);
  assertInstanceOf(start, CancelledError);
});

test("group.start() makes an ordinary child: its failure after readiness fails the group", async () => {
  const error = new Error("later");
  const caught = await groupError(TaskGroup.run(async (group) => {
    await group.start<void>(async (_, started) => {
      started();
      await sleep(1);
      throw error;
    });
    await forever();
  }));
  assertEquals(caught.errors, [error]);
});

test("started() throws in the child when it is called twice", async () => {
  const caught = await groupError(TaskGroup.run(async (group) => {
    await group.start<number>((_, started) => {
      started(1);
      started(2);
    }, { name: "server" });
  }));
  assertEquals(
    caught.errors[0].message,
    'Cannot call started() of task "server": it was called before',
  );
});

test("group.start() leaves no listener on its caller when the child is ready", async () => {
  const task = createTask(() =>
    TaskGroup.run(async (group) => {
      const body = (_: TaskContext, started: (value: number) => void) => {
        started(1);
        return sleep(1);
      };
      for (let i = 0; i < 100; i++) await group.start(body);
      assertEquals((currentTask() as unknown as CancelNode).listeners, null);
    })
  );
  await task;
});

test("group.start() lets its child go on when its caller is cancelled after it is ready", async () => {
  await TaskGroup.run(async (group) => {
    let child: Task | undefined;
    const caller = createTask(async () => {
      await group.start((_, started) => {
        child = currentTask();
        started();
        return forever();
      });
      await forever();
    });
    await turn();
    caller.cancel("no longer");
    await assertRejects(() => caller, CancelledError, "no longer");
    assertEquals([child?.status, group.size], ["running", 1]);
    group.cancel();
  });
});
