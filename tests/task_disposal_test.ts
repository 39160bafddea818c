import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import {
  createTask,
  currentTask,
  InvalidStateError,
  type Task,
} from "../mod.ts";
import { test } from "./_harness.ts";
import { turn, withFailures } from "./_probes.ts";

test("task[Symbol.asyncDispose]() cancels and joins", async () => {
  let cleaned = false;
  const task = createTask(async ({ sleep, checkpoint }) => {
    try {
      await sleep(Infinity);
    } finally {
      await checkpoint().catch(() => {});
      cleaned = true;
    }
  });
  await task[Symbol.asyncDispose]();
  assert(cleaned);
  assertEquals(task.status, "cancelled");
  await task[Symbol.asyncDispose]();
});

test("task[Symbol.asyncDispose]() doesn't throw a failure: its owner reports it", async () => {
  await withFailures(async (seen) => {
    const task = createTask(async ({ sleep }) => {
      await sleep(Infinity).catch(() => {});
      throw new Error("in cleanup");
    });
    await task[Symbol.asyncDispose]();
    assertEquals(task.status, "failed");
    await turn();
    assertEquals(seen.map(({ id }) => id), [task.id]);
  });
});

test("task[Symbol.asyncDispose]() refuses to be joined by the task itself", async () => {
  const task = createTask(async () => {
    await currentTask()![Symbol.asyncDispose]();
  }, { name: "me" });
  const error = await assertRejects(() => task, InvalidStateError);
  assertEquals(
    error.message,
    'Cannot wait for task "me": it would wait for itself',
  );
});

test("task awaited by itself rejects instead of hanging", async () => {
  const early = createTask(async () => await currentTask());
  const late = createTask(async () => {
    await null;
    await currentTask();
  });
  const returned = createTask((): PromiseLike<unknown> => currentTask()!);
  const returnedAsync = createTask(async (): Promise<unknown> =>
    await Promise.resolve(currentTask()!)
  );
  for (const task of [early, late, returned, returnedAsync]) {
    await assertRejects(() => task, InvalidStateError, "wait for itself");
    assertEquals(task.status, "failed");
  }
});

test("task awaited by its child before its own first await is no self-join", async () => {
  let child: Task<number> | undefined;
  const parent = createTask(async ({ checkpoint }) => {
    const me = currentTask() as Task<number>;
    child = createTask(async () => await me + 1);
    await checkpoint();
    return 1;
  });
  assertEquals(await parent, 1);
  assertEquals(await child, 2);
});

test("task disposed of by its child before its own first await is joined", async () => {
  let child: Task<void> | undefined;
  const parent = createTask(async ({ sleep }) => {
    const me = currentTask()!;
    child = createTask(() => me[Symbol.asyncDispose](), { detached: true });
    await sleep(Infinity);
  });
  await child;
  assertEquals(parent.status, "cancelled");
  assertNotEquals(child, undefined);
});
