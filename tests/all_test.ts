import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import {
  all,
  CancelledError,
  createTask,
  currentTask,
  sleep,
  type Task,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import {
  after,
  collectingFailures,
  fails,
  failsInCleanup,
  forever,
  slowCleanup,
  stubborn,
} from "./_bodies.ts";
import { test } from "./_harness.ts";
import { assertRefused, assertTasks, turn } from "./_probes.ts";

test("all() gives the values in the order of its items", async () => {
  await withVirtualClock(async (clock) => {
    const values = await all([after(30, "a"), after(10, 2), after(20, true)]);
    const [a, b, c]: [string, number, boolean] = values;
    assertEquals([a, b, c], ["a", 2, true]);
    assertEquals(clock.now, 30);
  });
});

test("all() gives an empty list when it is given nothing", async () => {
  assertEquals(await all([]), []);
});

test("all() starts its bodies at once, in order", async () => {
  const started: number[] = [];
  const run = all([1, 2, 3].map((n) => () => void started.push(n)));
  assertEquals(started, [1, 2, 3]);
  await run;
});

test("all() cancels and joins the others before it rejects with the first failure", async () => {
  await withVirtualClock(async (clock) => {
    const error = new Error("first");
    const running = createTask(slowCleanup(30));
    const caught = await assertRejects(() =>
      all([slowCleanup(20), () => sleep(5).then(fails(error)), running])
    );
    assertStrictEquals(caught, error);
    assertEquals(clock.now, 35);
    assertEquals(running.reason?.message, "another one failed");
    assertTasks([]);
  });
});

test("all() reports the failures that come after the first once, and nowhere else", async () => {
  const errors = [1, 2, 3].map((n) => new Error(`${n}`));
  await collectingFailures(async (failures) => {
    const caught = await assertRejects(() => all(errors.map(fails)));
    assertStrictEquals(caught, errors[0]);
    await turn();
    assertEquals(failures.map(({ error }) => error), errors.slice(1));
  });
});

test("all() rejects with the cancellation of one of its tasks", async () => {
  const task = createTask(forever);
  const other = createTask(forever);
  const run = all([task, other]);
  task.cancel("only this one");
  await assertRejects(() => run, CancelledError, "only this one");
  assertEquals(other.status, "cancelled");
});

test("all() gives its values when all are ready in spite of outer cancellation", async () => {
  const task = createTask(() => all([stubborn(1), stubborn(2)]));
  task.cancel();
  assertEquals(await task, ["done anyway", "done anyway"]);
});

test("all() beats outer cancellation with a failure, and reports none of it twice", async () => {
  const error = new Error("can't close");
  await collectingFailures(async (failures) => {
    const task = createTask(() => all([failsInCleanup(error)]));
    task.cancel();
    assertStrictEquals(await assertRejects(() => task), error);
    await turn();
    assertEquals(failures, []);
  });
});

test("all() makes its bodies children of the current task", async () => {
  await createTask(async () => {
    const own = currentTask();
    await all([() => assertStrictEquals(currentTask()?.parent, own)]);
  });
});

test("all() of 10,000 bodies is not slow, and leaves nothing", async () => {
  const values = await all(Array.from({ length: 10_000 }, (_, i) => () => i));
  assertEquals(values.length, 10_000);
  assertEquals(values[9_999], 9_999);
  assertTasks([]);
});

test("all() of a record gives the values by the same names, and names the tasks", async () => {
  const names: (string | undefined)[] = [];
  const name = () => void names.push(currentTask()?.name);
  const running = createTask(() => 3, { name: "given" });
  const { users, orders } = await all({
    users: () => Promise.resolve(["ann"]),
    orders: running,
    audit: name,
    __proto__: null,
  } as { users: () => Promise<string[]>; orders: Task<number> });
  assertEquals([users, orders, names], [["ann"], 3, ["audit"]]);
  assertEquals(await all({}), {});
});

test("all() of a record has a name as any other for every key", async () => {
  const items = JSON.parse('{ "__proto__": 1, "constructor": 2 }');
  for (const key of Object.keys(items)) {
    const value = items[key];
    Object.defineProperty(items, key, { value: () => value });
  }
  const values = await all(items as Record<string, () => number>);
  assertEquals(Object.entries(values), [["__proto__", 1], ["constructor", 2]]);
});

test("all() names its tasks after their bodies", async () => {
  const names: (string | undefined)[] = [];
  async function loadUsers() {
    names.push(currentTask()?.name);
    await null;
  }
  await all([loadUsers]);
  assertEquals(names, ["loadUsers"]);
});

test("all() of a record refuses what is neither body nor task, and objects that are no records", () => {
  const call = all as (items: unknown) => unknown;
  assertRefused(() => call({ a: 1 }), TypeError, "received 1");
  assertRefused(() => call(Promise.resolve()), TypeError, "[Promise]");
  assertRefused(() => call(new Date()), TypeError, "[Date]");
  assertRefused(() => call("abc"), TypeError, 'received "abc"');
});

test("all() in a task that is cancelled cancels a running task that it is given", async () => {
  const given = createTask(forever, { detached: true });
  const task = createTask(async () => {
    currentTask()!.cancel("x");
    await all([given]);
  });
  await assertRejects(() => task, CancelledError, "x");
  assertEquals([given.status, task.status], ["cancelled", "cancelled"]);
});
