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
  checkpoint,
  createTask,
  formatReason,
  sleep,
  type Task,
  TaskGroup,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { deafSleep, failsInCleanup, forever, slowCleanup } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { groupError } from "./_probes.ts";

test("a cancelled child is silent: group and siblings go on", async () => {
  await withVirtualClock(async () => {
    const value = await TaskGroup.run(async (group) => {
      const child = group.spawn(forever);
      const sibling = group.spawn(() => sleep(10).then(() => "sibling"));
      child.cancel("only this one");
      await child.catch(() => {});
      assertEquals(group.reason, undefined);
      return await sibling;
    });
    assertEquals(value, "sibling");
  });
});

test("outer cancellation reaches body and children, and the group rejects with it after their cleanup", async () => {
  await withVirtualClock(async (clock) => {
    const seen: string[] = [];
    const task = createTask(() =>
      TaskGroup.run(async (group) => {
        group.spawn(slowCleanup(20));
        group.spawn(slowCleanup(30));
        await forever().catch(() => seen.push("body"));
      })
    );
    task.cancel("outer");
    const error = await assertRejects(() => task, CancelledError, "outer");
    assertStrictEquals(error, task.signal.reason);
    assertEquals(task.status, "cancelled");
    assertEquals(clock.now, 30);
    assertEquals(seen, ["body"]);
  });
});

test("outer cancellation with an Error arrives in a group by identity", async () => {
  const reason = new RangeError("quota");
  const seen: unknown[] = [];
  const task = createTask(() =>
    TaskGroup.run((group) => {
      group.spawn(() => forever().catch((error) => seen.push(error)));
      return forever();
    })
  );
  task.cancel(reason);
  assertStrictEquals(await assertRejects(() => task), reason);
  assertStrictEquals(seen[0], reason);
});

test("outer cancellation is not thrown when it cut nothing short", async () => {
  const task = createTask(() =>
    TaskGroup.run(async (group) => {
      group.spawn(() => deafSleep(1));
      await deafSleep(1);
      return "value";
    })
  );
  task.cancel();
  assertEquals(await task, "value");
});

test("outer cancellation is thrown when the body suppressed it but a child was cut short", async () => {
  const task = createTask(() =>
    TaskGroup.run((group) => {
      group.spawn(forever);
      return forever().catch(() => "kept");
    })
  );
  task.cancel("outer");
  await assertRejects(() => task, CancelledError, "outer");
});

test("group.cancel() ends a group quietly", async () => {
  let child: Task | undefined;
  const value = await TaskGroup.run(async (group) => {
    child = group.spawn(forever);
    assert(group.cancel("enough"));
    await forever();
    return "never";
  });
  assertEquals(value, undefined);
  assertEquals(child?.status, "cancelled");
  assertEquals(child?.reason?.message, "enough");
});

test("group.cancel() works from a child", async () => {
  const value = await TaskGroup.run(async (group) => {
    group.spawn(() => sleep(1).then(() => void group.cancel("found")));
    group.spawn(forever);
    await forever();
  });
  assertEquals(value, undefined);
});

test("group.cancel() leaves the value of a body that has ended", async () => {
  const value = await TaskGroup.run((group) => {
    group.spawn(forever);
    group.cancel();
    return "value";
  });
  assertEquals(value, "value");
});

test("group.cancel() is idempotent, keeps its first reason, and returns false after the end", async () => {
  let kept: TaskGroup | undefined;
  await TaskGroup.run(async (group) => {
    kept = group;
    assert(group.cancel("first"));
    assert(group.cancel("second"));
    assertEquals(group.reason?.message, "first");
    await forever();
  });
  assertFalse(kept!.cancel());
});

test("group.cancel() doesn't hide what fails in the cleanup", async () => {
  const error = new Error("can't close");
  const caught = await groupError(TaskGroup.run((group) => {
    group.spawn(failsInCleanup(error));
    group.cancel();
  }));
  assertEquals(caught.errors, [error]);
});

test("group.cancel() doesn't swallow an outer cancellation that follows", async () => {
  await withVirtualClock(async () => {
    const task = createTask(() =>
      TaskGroup.run((group) => {
        group.spawn(slowCleanup(20));
        group.cancel("quiet");
        return forever();
      })
    );
    await sleep(10);
    task.cancel("outer");
    await assertRejects(() => task, CancelledError, "outer");
    assertEquals(task.status, "cancelled");
  });
});

test("group.cancel() doesn't touch the task that holds the group", async () => {
  const task = createTask(async () => {
    await TaskGroup.run((group) => {
      group.cancel();
      return forever();
    });
    await checkpoint();
    return "goes on";
  });
  assertEquals(await task, "goes on");
  assertFalse(task.cancelRequested);
});

test("group.signal aborts when the group is cancelled, from inside or outside", async () => {
  await TaskGroup.run((group) => {
    assertFalse(group.signal.aborted);
    group.cancel();
    assert(group.signal.aborted);
  });
  const task = createTask(() =>
    TaskGroup.run(async (group) => {
      await forever().catch(() => {});
      return group.signal.aborted;
    })
  );
  task.cancel();
  assert(await task);
});

test("a body that awaits a task cancelled elsewhere has failed with that cancellation", async () => {
  const other = createTask(forever);
  let child: Task | undefined;
  let saved = false;
  const run = TaskGroup.run(async (group) => {
    child = group.spawn(forever);
    await other;
    saved = true;
  });
  other.cancel("elsewhere");
  const caught = await groupError(run);
  assertInstanceOf(caught.errors[0], CancelledError);
  assertEquals(caught.errors[0].reason.message, "elsewhere");
  assertEquals([child?.status, saved], ["cancelled", false]);
});

test("a body that throws a CancelledError of its own ends the group with that", async () => {
  const own = new CancelledError("no more");
  let child: Task | undefined;
  const run = TaskGroup.run((group) => {
    child = group.spawn(forever);
    throw own;
  });
  assertStrictEquals(await assertRejects(() => run), own);
  assertEquals(child?.status, "cancelled");
});

test("a group in a cancelled task runs its body with an aborted signal and spawns nothing", async () => {
  let started = false;
  const task = createTask(async () => {
    await forever().catch(() => {});
    await TaskGroup.run((group) => {
      group.spawn(() => {
        started = true;
      });
    });
  });
  task.cancel("outer");
  await assertRejects(() => task, CancelledError, "outer");
  assertFalse(started);
});

test("a group lets its children see who cancelled and why", async () => {
  let child: Task | undefined;
  const task = createTask(() =>
    TaskGroup.run((group) => {
      child = group.spawn(forever, { name: "child" });
    }), { name: "server" });
  const operator = createTask(() => task.cancel("maintenance"), {
    name: "operator",
  });
  await operator;
  await assertRejects(() => task);
  assertEquals(
    formatReason(child!.reason!),
    'cancelled with its group "server" <- cancelled with its parent "server" <- cancelled by task "operator": maintenance',
  );
});
