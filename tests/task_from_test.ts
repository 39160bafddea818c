import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { CancelledError, createTask, Task } from "../mod.ts";
import { test } from "./_harness.ts";
import {
  assertRefused,
  ended,
  idle,
  never,
  turn,
  withFailures,
} from "./_probes.ts";

test("Task.from() settles like its promise", async () => {
  assertEquals(await Task.from(Promise.resolve(1)), 1);
  const failure = new Error("no");
  const task = Task.from(Promise.reject(failure), { name: "legacy" });
  assertStrictEquals(await assertRejects(() => task), failure);
  assertEquals([task.name, task.status], ["legacy", "failed"]);
});

test("Task.from() takes thenables and tasks", async () => {
  const thenable: PromiseLike<number> = {
    then: (resolve) => Promise.resolve(5).then(resolve),
  };
  assertEquals(await Task.from(thenable), 5);
  assertEquals(await Task.from(createTask(() => 6)), 6);
});

test("Task.from() calls cancel once, with what the signal is aborted with", async () => {
  const { promise, reject } = Promise.withResolvers<void>();
  const reasons: Error[] = [];
  const task = Task.from(promise, {
    cancel: (reason) => {
      reasons.push(reason);
      reject(reason);
    },
  });
  task.cancel("enough");
  task.cancel("again");
  await assertRejects(() => task, CancelledError, "enough");
  assertEquals(reasons.length, 1);
  assertStrictEquals(reasons[0], task.signal.reason);
  assertEquals(task.status, "cancelled");
});

test("Task.from() doesn't call cancel for a task that has ended", async () => {
  let called = false;
  const task = Task.from(Promise.resolve(1), {
    cancel: () => void (called = true),
  });
  await task;
  assertFalse(task.cancel());
  assertFalse(called);
});

test("Task.from() without cancel stays cancelling until it settles", async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const task = Task.from(promise);
  task.cancel();
  await turn();
  assertEquals(task.status, "cancelling");
  resolve(1);
  assertEquals(await task, 1);
  assert(task.cancelRequested);
});

test("Task.from() belongs to the current task", async () => {
  let child: Task<never> | undefined;
  const parent = createTask(async () => {
    const { promise, reject } = Promise.withResolvers<never>();
    child = Task.from(promise, { cancel: reject });
    await child;
  });
  assertStrictEquals(child!.parent, parent);
  parent.cancel();
  await ended(parent);
  assertEquals(child!.status, "cancelled");
});

test("Task.from() under an aborted signal calls cancel at once", async () => {
  const { promise, reject } = Promise.withResolvers<never>();
  const signal = AbortSignal.abort(new Error("before"));
  const task = Task.from(promise, { signal, cancel: reject });
  await assertRejects(() => task, Error, "before");
  assertEquals(task.status, "cancelled");
});

test("Task.from() reports what cancel throws; the others are told all the same", async () => {
  await withFailures(async (seen) => {
    const parent = idle();
    const failure = new Error("cancel is broken");
    const gate = Promise.withResolvers<void>();
    const broken = Task.from(gate.promise, {
      name: "broken",
      parent,
      cancel: () => {
        throw failure;
      },
    });
    const sibling = idle({ parent });
    parent.cancel();
    await ended(sibling);
    assertEquals(sibling.status, "cancelled");
    assertEquals(seen.map(({ name }) => name), ["broken"]);
    assertStrictEquals(seen[0]!.error, failure);
    gate.resolve();
    await Promise.all([parent, broken].map(ended));
  });
});

test("Task.from() reports what an async cancel rejects with", async () => {
  await withFailures(async (seen) => {
    const gate = Promise.withResolvers<void>();
    const failure = new Error("cancel is broken");
    const task = Task.from(gate.promise, {
      signal: AbortSignal.abort(),
      cancel: () => Promise.reject(failure) as unknown as void,
    });
    await turn();
    assertStrictEquals(seen[0]?.error, failure);
    assertEquals(seen.length, 1);
    gate.resolve();
    await ended(task);
  });
});

test("Task.from() refuses wrong arguments", () => {
  const from = (promise: unknown, options?: unknown) => () =>
    Task.from(promise as Promise<void>, options as object);
  assertRefused(from(undefined), TypeError, "received undefined");
  assertRefused(from(() => {}), TypeError, "received function");
  assertRefused(from({ then: 1 }), TypeError, "received [Object]");
  assertRefused(from(never, null), TypeError, "received null");
  assertRefused(from(never, { cancel: 5 }), TypeError, "received 5");
  assertRefused(from(never, { name: 5 }), TypeError, "received 5");
  assertRefused(from(never, { signal: {} }), TypeError, "received [Object]");
});
