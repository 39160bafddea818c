import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { abortable, CancelledError, createTask } from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";
import { assertRefused, ended, never, spy, turn } from "./_probes.ts";

test("abortable() settles like its promise", async () => {
  const { signal } = new AbortController();
  assertEquals(await abortable(Promise.resolve(1), { signal }), 1);
  const failure = new Error("no");
  const wait = () => abortable(Promise.reject(failure), { signal });
  assertStrictEquals(await assertRejects(wait), failure);
  assertEquals(await abortable(Promise.resolve(2)), 2);
});

test("abortable() takes a thenable", async () => {
  const thenable: PromiseLike<number> = {
    then: (resolve) => Promise.resolve(5).then(resolve),
  };
  const { signal } = new AbortController();
  assertEquals(await abortable(thenable, { signal }), 5);
});

test("abortable() rejects with the reason, by identity", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const wait = abortable(never, { signal: controller });
  controller.abort(reason);
  assertStrictEquals(await assertRejects(() => wait), reason);
});

test("abortable() delivers a value that was ready before the abort", async () => {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<number>();
  const wait = abortable(promise, { signal: controller });
  resolve(1);
  controller.abort();
  assertEquals(await wait, 1);
});

test("abortable() delivers a value that comes later in the same tick", async () => {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<number>();
  const wait = abortable(promise, { signal: controller });
  controller.abort();
  resolve(1);
  assertEquals(await wait, 1);
});

test("abortable() delivers what passes through an async function and its task", async () => {
  for (const first of ["value", "abort"]) {
    const controller = new AbortController();
    const { promise, resolve } = Promise.withResolvers<number>();
    const task = createTask(async () => await promise);
    const wait = abortable(task, { signal: controller });
    if (first === "abort") controller.abort();
    resolve(1);
    if (first === "value") controller.abort();
    assertEquals(await wait, 1, first);
  }
});

test("abortable() delivers a failure of the same tick too", async () => {
  const controller = new AbortController();
  const { promise, reject } = Promise.withResolvers<number>();
  const wait = abortable(promise, { signal: controller });
  reject(new Error("disk full"));
  controller.abort(new Error("enough"));
  await assertRejects(() => wait, Error, "disk full");
});

test("abortable() rejects at the door, though the promise is settled", async () => {
  const signal = AbortSignal.abort(new Error("before"));
  const wait = () => abortable(Promise.resolve(1), { signal });
  await assertRejects(wait, Error, "before");
});

test("abortable() at the door takes care of the promise's failure", async () => {
  const signal = AbortSignal.abort(new Error("before"));
  const wait = () => abortable(Promise.reject(new Error("late")), { signal });
  await assertRejects(wait, Error, "before");
  await turn();
});

test("abortable() ignores how the promise settles after the abort", async () => {
  const controller = new AbortController();
  const { promise, reject } = Promise.withResolvers<void>();
  const wait = abortable(promise, { signal: controller });
  controller.abort(new Error("enough"));
  await assertRejects(() => wait, Error, "enough");
  reject(new Error("late"));
  await turn();
});

test("abortable() uses the current task when no signal is given", async () => {
  const task = createTask(() => abortable(never));
  task.cancel("enough");
  const error = await assertRejects(() => task, CancelledError);
  assertEquals(error.reason.message, "enough");
});

test("abortable() outside of any task is the promise's own fate", async () => {
  const failure = new Error("no");
  assertStrictEquals(
    await assertRejects(() => abortable(Promise.reject(failure))),
    failure,
  );
});

test("abortable() keeps one listener on a shared signal, then none", async () => {
  const shared = spy();
  const { promise, resolve } = Promise.withResolvers<void>();
  const waits = Array.from(
    { length: 100 },
    () => abortable(promise, { signal: shared.signal }),
  );
  assertEquals(shared.now, 1);
  resolve();
  await Promise.all(waits);
  assertEquals(shared.now, 0);
  assertEquals(shared.most, 1);
});

test("abortable() arms no timer", async () => {
  await withVirtualClock(async (clock) => {
    const task = createTask(() => abortable(never));
    await clock.idle();
    assertEquals(clock.timers, 0);
    task.cancel();
    await ended(task);
  });
});

test("abortable() refuses what is no promise or no source", () => {
  const call = (promise: unknown, options?: unknown) => () =>
    abortable(promise as Promise<void>, options as object);
  assertRefused(call(5), TypeError, "received 5");
  assertRefused(call(undefined), TypeError, "received undefined");
  assertRefused(call(() => {}), TypeError, "received function");
  assertRefused(call({ then: 1 }), TypeError, "received [Object]");
  assertRefused(call(never, null), TypeError, "received null");
  assertRefused(call(never, { signal: 1 }), TypeError, "received 1");
});
