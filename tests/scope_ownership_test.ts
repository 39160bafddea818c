import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  allTasks,
  AsyncEvent,
  CancelledError,
  CancelScope,
  checkpoint,
  createTask,
  currentTask,
  formatReason,
  sleep,
  TaskGroup,
} from "../mod.ts";
import { slowCleanup } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { assertTasks, ended, onAbort, turn } from "./_probes.ts";
import { forever } from "./_bodies.ts";

// What belongs to it

test("scope.cancel() cancels the tasks that were started inside, with the chain", async () => {
  const scope = new CancelScope({ name: "scope" });
  const run = scope.run(async () => {
    const child = createTask(forever, { name: "child" });
    await assertRejects(() => child, CancelledError);
    return formatReason(child.reason!);
  });
  scope.cancel("enough");
  assertEquals(await run, "cancelled with its parent <- cancelled: enough");
});

test("scope.cancel() names the task that the scope runs in on the way down", async () => {
  const task = createTask(async () => {
    const scope = new CancelScope();
    const run = scope.run(async () => {
      const child = createTask(forever);
      await child.catch(() => {});
      return child.reason;
    });
    scope.cancel();
    return await run;
  }, { name: "owner" });
  const reason = await task;
  assertEquals(reason?.source?.name, "owner");
  assertEquals(reason?.kind, "parent");
});

test("scope.cancel() doesn't touch the task that the scope runs in", async () => {
  const task = createTask(async () => {
    const scope = new CancelScope();
    const run = scope.run(forever);
    scope.cancel();
    await run;
    await checkpoint();
    return "goes on";
  });
  assertEquals(await task, "goes on");
  assertFalse(task.cancelRequested);
});

test("scope.cancel() doesn't touch a sibling scope of the same task", async () => {
  const left = new CancelScope();
  const right = new CancelScope();
  await createTask(async () => {
    const both = Promise.all([
      left.run(forever),
      right.run(() => sleep(2).then(() => "right")),
    ]);
    left.cancel();
    assertEquals(await both, [undefined, "right"]);
  });
  assertFalse(right.cancelCalled);
});

test("tasks started in a scope are known to allTasks()", async () => {
  const event = new AsyncEvent();
  await new CancelScope({ signal: event }).run(async () => {
    const task = createTask(forever);
    assertTasks([task]);
    task.cancel();
    await task.catch(() => {});
  });
});

test("a task started in a scope belongs to the task around it", async () => {
  await createTask(async () => {
    const owner = currentTask();
    await new CancelScope().run(() => {
      assertStrictEquals(createTask(() => {}).parent, owner);
    });
  });
});

test("a scope that is left hands its running tasks to what it lay in", async () => {
  const owner = createTask(async () => {
    const scope = new CancelScope();
    await scope.run(() => void createTask(forever, { name: "child" }));
    const [, child] = allTasks();
    assertEquals([child?.name, child?.status], ["child", "running"]);
    await forever();
  });
  await turn();
  const [, child] = allTasks();
  owner.cancel("to the child as well");
  await assertRejects(() => owner, CancelledError);
  assertEquals(child?.reason?.message, "to the child as well");
  await ended(child!);
});

// Nothing but its own

test("a scope lets a foreign abort error pass when it isn't cancelled", async () => {
  const error = new DOMException("stopped elsewhere", "AbortError");
  const scope = new CancelScope();
  const caught = await assertRejects(() =>
    scope.run(() => Promise.reject(error))
  );
  assertStrictEquals(caught, error);
  assertFalse(scope.cancelledCaught);
});

test("a scope takes a platform wait's abort error for its own when it is cancelled", async () => {
  const scope = new CancelScope();
  const run = scope.run(({ signal }) =>
    new Promise((_, reject) =>
      onAbort(signal, () => {
        const { reason: cause } = signal;
        reject(
          Object.assign(new Error("aborted", { cause }), { code: "ABORT_ERR" }),
        );
      })
    )
  );
  scope.cancel();
  assertEquals(await run, undefined);
  assert(scope.cancelledCaught);
});

test("a scope lets the cancellation of an unrelated task pass", async () => {
  const other = createTask(forever, { name: "other" });
  const scope = new CancelScope();
  const run = scope.run(() => other);
  other.cancel("not of the scope");
  await assertRejects(() => run, CancelledError, "not of the scope");
  assertFalse(scope.cancelledCaught);
  assertFalse(scope.cancelCalled);
});

test("a cancelled scope lets the cancellation of an unrelated task pass", async () => {
  const other = createTask(forever);
  const scope = new CancelScope();
  const run = scope.run(() => other);
  scope.cancel("of the scope");
  other.cancel("of the task");
  await assertRejects(() => run, CancelledError, "of the task");
  assertFalse(scope.cancelledCaught);
});

test("a cancelled scope lets an error pass that its body throws in cleanup", async () => {
  const error = new Error("can't close");
  const scope = new CancelScope();
  const run = scope.run(async () => {
    try {
      await forever();
    } finally {
      await Promise.reject(error);
    }
  });
  scope.cancel();
  assertStrictEquals(await assertRejects(() => run), error);
  assertFalse(scope.cancelledCaught);
});

test("a scope lets outer cancellation pass", async () => {
  const scope = new CancelScope();
  const task = createTask(() => scope.run(forever));
  task.cancel("outer");
  await assertRejects(() => task, CancelledError, "outer");
  assertEquals(task.status, "cancelled");
  assertFalse(scope.cancelCalled);
  assertFalse(scope.cancelledCaught);
  assertEquals(scope.reason?.kind, "parent");
});

test("the outer scope swallows when an inner one was cancelled with it", async () => {
  const outer = new CancelScope();
  const inner = new CancelScope();
  const seen: string[] = [];
  const run = outer.run(async () => {
    await inner.run(forever);
    seen.push("code after the inner scope");
  });
  outer.cancel("outer");
  await run;
  assert(outer.cancelledCaught);
  assertFalse(inner.cancelledCaught);
  assertEquals(seen, []);
});

test("the outer scope swallows when both are cancelled, the inner one first", async () => {
  const outer = new CancelScope();
  const inner = new CancelScope();
  const seen: string[] = [];
  const run = outer.run(async () => {
    await inner.run(forever);
    seen.push("code after the inner scope");
  });
  inner.cancel("inner");
  outer.cancel("outer");
  await run;
  assertEquals([inner.cancelCalled, inner.cancelledCaught], [true, false]);
  assertEquals([outer.cancelCalled, outer.cancelledCaught], [true, true]);
  assertEquals(inner.reason?.message, "inner");
  assertEquals(seen, []);
});

test("scope.cancelCalled is true when cancel() came after outer cancellation", async () => {
  const outer = new CancelScope();
  const inner = new CancelScope();
  const run = outer.run(() => inner.run(forever));
  outer.cancel("outer");
  assert(inner.cancel("inner"));
  await run;
  assert(inner.cancelCalled);
  assertFalse(inner.cancelledCaught);
  assertEquals(inner.reason?.message, "outer");
});

test("a task that was cancelled with its inner scope ends cancelled", async () => {
  const scope = new CancelScope();
  const task = createTask(() => scope.run(slowCleanup(1)));
  scope.cancel("inner");
  task.cancel("outer");
  await assertRejects(() => task, CancelledError, "outer");
  assertEquals(task.status, "cancelled");
});

test("scopes nest: each swallows its own and only its own", async () => {
  for (const cancelled of [0, 1, 2]) {
    const scopes = [0, 1, 2].map(() => new CancelScope());
    const reached: number[] = [];
    const enter = async (depth: number): Promise<void> => {
      if (depth === 3) return await forever();
      await scopes[depth]!.run(() => enter(depth + 1));
      reached.push(depth);
    };
    const run = enter(0);
    scopes[cancelled]!.cancel();
    await run;
    assertEquals(
      scopes.map((scope) => scope.cancelledCaught),
      [0, 1, 2].map((depth) => depth === cancelled),
    );
    assertEquals(reached, [2, 1, 0].filter((depth) => depth <= cancelled));
  }
});

test("a scope swallows its own cancellation out of a group inside", async () => {
  const scope = new CancelScope();
  const run = scope.run(() =>
    TaskGroup.run((group) => {
      group.spawn(forever);
      return forever();
    })
  );
  scope.cancel();
  assertEquals(await run, undefined);
  assert(scope.cancelledCaught);
});
