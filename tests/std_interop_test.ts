/** The functions of @std/async work with our tasks and signals. */
import { abortable, deadline, delay, pooledMap } from "@std/async";
import {
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  AsyncEvent,
  cancelAndWait,
  CancelledError,
  createTask,
  isCancellation,
  type Task,
} from "../mod.ts";
import { test } from "./_harness.ts";
import { ended, idle, turn } from "./_probes.ts";

const failure = new Error("no");

test("deadline() of @std/async takes a task", async () => {
  assertEquals(await deadline(createTask(() => 1), 60_000), 1);
  const failing = createTask(() => Promise.reject(failure));
  assertStrictEquals(
    await assertRejects(() => deadline(failing, 60_000)),
    failure,
  );
});

test("deadline() of @std/async that is over leaves the task to its owner", async () => {
  const task = idle();
  const error = await assertRejects(() => deadline(task, 1), DOMException);
  assertEquals(error.name, "TimeoutError");
  assertEquals(task.status, "running");
  assertEquals((await cancelAndWait(task)).status, "cancelled");
});

test("deadline() of @std/async is ended by a task's signal, with its reason", async () => {
  const owner = idle();
  const work = idle();
  const wait = deadline(work, 60_000, { signal: owner.signal });
  owner.cancel("enough");
  const error = await assertRejects(() => wait, CancelledError);
  assertEquals(error.reason.message, "enough");
  work.cancel();
  await Promise.all([owner, work].map(ended));
});

test("abortable() of @std/async takes a task and a task's signal", async () => {
  const owner = idle();
  assertEquals(await abortable(createTask(() => 1), owner.signal), 1);
  const work = idle();
  const wait = abortable(work, owner.signal);
  owner.cancel(failure);
  assertStrictEquals(await assertRejects(() => wait), failure);
  await cancelAndWait(work);
  await ended(owner);
});

test("abortable() of @std/async ends an iteration inside a task", async () => {
  let returned = false;
  async function* count() {
    try {
      for (let n = 0;; n++) yield await Promise.resolve(n);
    } finally {
      returned = true;
    }
  }
  const seen: number[] = [];
  const task: Task<void> = createTask(async ({ signal }) => {
    for await (const n of abortable(count(), signal)) {
      seen.push(n);
      if (n === 2) task.cancel();
    }
  });
  await ended(task);
  assertEquals([task.status, returned], ["cancelled", true]);
  assertEquals(seen, [0, 1, 2]);
});

test("delay() of @std/async inside a task is cancelled with it", async () => {
  const task = createTask(({ signal }) => delay(60_000, { signal }));
  task.cancel("enough");
  const error = await assertRejects(() => task, CancelledError);
  assertEquals(error.reason.message, "enough");
  assertEquals(task.status, "cancelled");
});

test("delay() of @std/async is ended by an event's signal", async () => {
  const stop = new AsyncEvent();
  const nap = delay(60_000, { signal: stop.signal });
  stop.set();
  const error = await assertRejects(() => nap);
  assertInstanceOf(error, CancelledError);
  assertEquals(error.reason.kind, "event");
  assertEquals(isCancellation(error, stop.signal), true);
});

test("pooledMap() of @std/async takes bodies that return tasks", async () => {
  let running = 0;
  let most = 0;
  const results: number[] = [];
  const mapped = pooledMap(
    2,
    [1, 2, 3, 4, 5],
    (n) =>
      createTask(async ({ checkpoint }) => {
        most = Math.max(most, ++running);
        await checkpoint();
        running--;
        return n * n;
      }),
  );
  for await (const result of mapped) results.push(result);
  assertEquals(results, [1, 4, 9, 16, 25]);
  assertEquals(most, 2);
});

test("pooledMap() of @std/async throws the failures of tasks, and nothing is reported", async () => {
  const mapped = pooledMap(
    2,
    [1, 2],
    (n) =>
      createTask(async ({ checkpoint }) => {
        await checkpoint();
        if (n === 2) throw failure;
        return n;
      }),
  );
  const error = await assertRejects(async () => {
    for await (const _ of mapped);
  }, AggregateError);
  assertStrictEquals(error.errors[0], failure);
  await turn();
});

test("pooledMap() of @std/async inside a task makes children of it", async () => {
  const children: Task<void>[] = [];
  const parent = createTask(async () => {
    const mapped = pooledMap(2, [1, 2], () => {
      const child = idle();
      children.push(child);
      return child;
    });
    for await (const _ of mapped);
  });
  await turn();
  assertEquals(children.length, 2);
  for (const child of children) assertStrictEquals(child.parent, parent);
  parent.cancel();
  await Promise.all([parent, ...children].map(ended));
  assertEquals(children.map((child) => child.status), [
    "cancelled",
    "cancelled",
  ]);
});
