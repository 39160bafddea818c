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
  allTasks,
  CancelledError,
  createTask,
  InvalidStateError,
  Task,
} from "../mod.ts";
import { test } from "./_harness.ts";
import { assertRefused, assertTasks, ended, idle, never } from "./_probes.ts";

test("createTask() runs the body at once, up to its first await", async () => {
  const log: string[] = [];
  const task = createTask(async () => {
    log.push("body");
    await null;
    log.push("after await");
  });
  log.push("caller");
  await task;
  assertEquals(log, ["body", "caller", "after await"]);
});

test("createTask() makes a failed task of a body that throws at once", async () => {
  const failure = new Error("at once");
  const task = createTask(() => {
    throw failure;
  });
  assertStrictEquals(await assertRejects(() => task), failure);
  assertEquals(task.status, "failed");
});

test("createTask() takes a body without a promise", async () => {
  const task = createTask(() => 5);
  assertFalse(task.done);
  assertEquals(await task, 5);
  assertEquals(task.status, "completed");
});

test("createTask() takes a body that returns a thenable", async () => {
  const task = createTask((): PromiseLike<number> => ({
    then: (resolve) => Promise.resolve(7).then(resolve),
  }));
  assertEquals(await task, 7);
});

test("createTask() fails with what a broken thenable throws", async () => {
  const failure = new Error("broken");
  const broken = {
    get then(): never {
      throw failure;
    },
  } as unknown as PromiseLike<void>;
  const task = createTask(() => broken);
  assertStrictEquals(await assertRejects(() => task), failure);
});

test("createTask() keeps whatever a body throws", async () => {
  for (const thrown of ["text", 0, null, undefined, { code: 5 }]) {
    const task = createTask(() => Promise.reject(thrown));
    const seen = await task.then(() => "no", (error: unknown) => [error]);
    assertEquals(seen, [thrown]);
    assertEquals(task.status, "failed");
    assertEquals(task.outcome(), { status: "failed", error: thrown });
  }
});

test("createTask() refuses a body that is no function", () => {
  const call = (body: unknown) => () => createTask(body as () => void);
  assertRefused(call(undefined), TypeError, "received undefined");
  assertRefused(call(null), TypeError, "received null");
  assertRefused(call("work"), TypeError, 'received "work"');
  assertRefused(call(Promise.resolve()), TypeError, "received [Promise]");
});

test("createTask() refuses wrong options and never starts the body", () => {
  let started = false;
  const call = (options: unknown) => () =>
    createTask(() => void (started = true), options as object);
  assertRefused(call(null), TypeError, "received null");
  assertRefused(call("name"), TypeError, 'received "name"');
  assertRefused(call({ name: 5 }), TypeError, "received 5");
  assertRefused(call({ signal: "stop" }), TypeError, 'received "stop"');
  assertRefused(call({ signal: never }), TypeError, "received [Promise]");
  assertRefused(call({ parent: 5 }), TypeError, "received 5");
  assertRefused(call({ parent: null }), TypeError, "received null");
  assertRefused(call({ parent: never }), TypeError, "Task.from()");
  assertRefused(call({ detached: 1 }), TypeError, "received 1");
  assertRefused(call({ detached: "yes" }), TypeError, 'received "yes"');
  assertFalse(started);
});

test("task.name is the one given, or the body's, or made of its id", async () => {
  async function download() {}
  const tasks = [
    createTask(download, { name: "given" }),
    createTask(download),
    createTask(() => {}),
    createTask(() => {}, { name: "" }),
  ];
  assertEquals(tasks.map((task) => task.name), [
    "given",
    "download",
    `task-${tasks[2]!.id}`,
    `task-${tasks[3]!.id}`,
  ]);
  await Promise.all(tasks);
});

test("task.id is unique", async () => {
  const tasks = Array.from({ length: 100 }, () => createTask(() => {}));
  assertEquals(new Set(tasks.map((task) => task.id)).size, 100);
  await Promise.all(tasks);
});

test("task.status goes through running and cancelling to its end", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const task = createTask(async ({ sleep }) => {
    await sleep(Infinity).catch(() => {});
    await promise;
    throw new CancelledError();
  });
  assertEquals([task.status, task.done], ["running", false]);
  task.cancel();
  assertEquals([task.status, task.done], ["cancelling", false]);
  assertFalse(task.cancelled);
  assert(task.cancelRequested);
  resolve();
  await ended(task);
  assertEquals([task.status, task.done], ["cancelled", true]);
  assert(task.cancelled);
});

test("task.result() and its like refuse while the task is running", async () => {
  const task = idle({ name: "nap" });
  const calls = [
    () => task.result(),
    () => task.exception(),
    () => task.outcome(),
  ];
  for (const call of calls) {
    assertThrows(call, InvalidStateError, 'task "nap" is running');
  }
  task.cancel();
  for (const call of calls) {
    assertThrows(call, InvalidStateError, 'task "nap" is cancelling');
  }
  await ended(task);
});

test("task.result() and its like tell of a completed task", async () => {
  const task = createTask(() => 5);
  await task;
  assertEquals(task.result(), 5);
  assertEquals(task.exception(), undefined);
  assertEquals(task.outcome(), { status: "completed", value: 5 });
  assertEquals(task.reason, undefined);
});

test("task.result() and its like tell of a failed task", async () => {
  const failure = new Error("disk full");
  const task = createTask(() => Promise.reject(failure));
  await ended(task);
  assertStrictEquals(assertThrows(() => task.result()), failure);
  assertStrictEquals(task.exception(), failure);
  const outcome = task.outcome();
  assertEquals(outcome.status, "failed");
  assertStrictEquals(outcome.status === "failed" && outcome.error, failure);
});

test("task.result() and its like tell of a cancelled task", async () => {
  const task = idle();
  task.cancel("enough");
  await ended(task);
  const error = assertThrows(() => task.result(), CancelledError);
  assertStrictEquals(assertThrows(() => task.exception()), error);
  assertStrictEquals(error, task.signal.reason);
  assertEquals(task.outcome(), { status: "cancelled", reason: task.reason! });
});

test("allTasks() has each live task before its children, in order", async () => {
  const before = allTasks();
  const a = idle({ name: "a" });
  const b = idle({ name: "b" });
  const a1 = idle({ name: "a1", parent: a });
  const a2 = idle({ name: "a2", parent: a });
  const a11 = idle({ name: "a11", parent: a1 });
  assertTasks([...before, a, a1, a11, a2, b]);
  assert(Array.isArray(allTasks()));
  assertFalse(allTasks() === allTasks());
  a1.cancel();
  await ended(a1);
  await ended(a11);
  assertTasks([...before, a, a2, b]);
  a.cancel();
  b.cancel();
  await Promise.all([a, a2, b].map(ended));
  assertTasks(before);
});

test("Task is recognised by instanceof, as a Promise too", async () => {
  const task = createTask(() => 1);
  assertInstanceOf(task, Promise);
  assert(task instanceof Task);
  assertFalse(Promise.resolve() instanceof Task);
  assertFalse((null as unknown) instanceof Task);
  assertEquals(Object.prototype.toString.call(task), "[object Task]");
  await task;
});

test("Task is no constructor", () => {
  const Constructor = Task as unknown as new () => unknown;
  assertThrows(() => new Constructor(), TypeError);
});
