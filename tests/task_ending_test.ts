import {
  assertEquals,
  assertFalse,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { CancelledError, createTask, sleep, type Task } from "../mod.ts";
import { test } from "./_harness.ts";
import { ended, idle } from "./_probes.ts";

test("task that throws a CancelledError nobody asked for is cancelled by itself", async () => {
  const own = new CancelledError("gave up");
  const task = createTask(() => Promise.reject(own), { name: "quitter" });
  const { signal } = task;
  assertStrictEquals(await assertRejects(() => task), own);
  assertEquals(task.status, "cancelled");
  assertFalse(task.cancelRequested);
  assertFalse(signal.aborted);
  const { kind, source, message } = task.reason!;
  assertEquals({ kind, source, message }, {
    kind: "explicit",
    source: { name: "quitter", id: task.id },
    message: "gave up",
  });
});

test("task.signal of one that cancelled itself isn't aborted, whenever one looks", async () => {
  const task = createTask(() => Promise.reject(new CancelledError()));
  await ended(task);
  assertEquals(task.status, "cancelled");
  assertFalse(task.signal.aborted);
});

test("task that awaits a child that others cancelled has failed with that error", async () => {
  let child: Task<void> | undefined;
  const parent = createTask(async () => {
    child = idle({ name: "child" });
    await child;
  });
  child!.cancel("only you");
  await ended(parent);
  assertEquals(parent.status, "failed");
  assertFalse(parent.cancelRequested);
  assertEquals(parent.reason, undefined);
  assertStrictEquals(parent.exception(), child!.signal.reason);
});

test("task that throws a foreign AbortError nobody asked for is failed", async () => {
  const foreign = new DOMException("mine", "AbortError");
  const task = createTask(() => Promise.reject(foreign));
  assertStrictEquals(await assertRejects(() => task), foreign);
  assertEquals(task.status, "failed");
});

test("task that throws a foreign AbortError when asked is cancelled", async () => {
  const task = createTask(async ({ signal }) => {
    // deno-lint-ignore mdc/no-swallowed-cancellation -- what replaces it counts
    await sleep(Infinity, { signal }).catch(() => {}); // eslint-disable-line mdc/no-swallowed-cancellation -- what replaces it counts
    throw new DOMException("mine", "AbortError");
  });
  task.cancel("enough");
  const error = await assertRejects(() => task, CancelledError);
  assertEquals(error.reason.message, "enough");
  assertEquals(task.status, "cancelled");
});

test("task that throws another cancellation than its own shows its own to all who await it", async () => {
  const task = createTask(async ({ signal }) => {
    // deno-lint-ignore mdc/no-swallowed-cancellation -- what replaces it counts
    await sleep(Infinity, { signal }).catch(() => {}); // eslint-disable-line mdc/no-swallowed-cancellation -- what replaces it counts
    throw new DOMException("somebody else's", "AbortError");
  });
  const caught = (error: unknown) => error;
  const early = [task.catch(caught), task.then().catch(caught)];
  task.cancel("mine");
  await ended(task);
  const late = [task.catch(caught), task.then().catch(caught)];
  for (const error of await Promise.all([...early, ...late])) {
    assertStrictEquals(error, task.signal.reason);
  }
});

test("task that throws something else when asked is failed", async () => {
  const failure = new Error("in cleanup");
  const task = createTask(async ({ sleep }) => {
    await sleep(Infinity).catch(() => {});
    throw failure;
  });
  task.cancel();
  assertStrictEquals(await assertRejects(() => task), failure);
  assertEquals([task.status, task.cancelRequested], ["failed", true]);
});

test("task that returns when asked is completed, and known to have been asked", async () => {
  const task = createTask(async ({ sleep }) => {
    await sleep(Infinity).catch(() => {});
    return "ignored";
  });
  task.cancel("enough");
  assertEquals(await task, "ignored");
  assertEquals(
    [task.status, task.cancelled, task.cancelRequested],
    ["completed", false, true],
  );
  assertEquals(task.reason?.message, "enough");
});

test("task whose value is ready in the tick of its cancellation delivers it", async () => {
  for (const first of ["value", "cancel"]) {
    const { promise, resolve } = Promise.withResolvers<number>();
    const task = createTask(({ abortable }) => abortable(promise));
    if (first === "cancel") task.cancel();
    resolve(1);
    if (first === "value") task.cancel();
    assertEquals(await task, 1, first);
    assertEquals(task.status, "completed");
  }
});

test("task sees the cancellation at its next checkpoint after a ready value", async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  let value: number | undefined;
  const task = createTask(async ({ abortable, checkpoint }) => {
    value = await abortable(promise);
    await checkpoint();
  });
  resolve(1);
  task.cancel();
  await ended(task);
  assertEquals([value, task.status], [1, "cancelled"]);
});
