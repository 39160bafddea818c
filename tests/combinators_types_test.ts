import { assertEquals } from "@std/assert";
import {
  all,
  allSettled,
  any,
  asCompleted,
  createTask,
  race,
  type Started,
  TaskGroup,
  type TaskOutcome,
} from "../mod.ts";
import { test } from "./_harness.ts";

const threes = new Set([(): number => 3]);

/** Compiles only if both types are the same. */
function same<A, B>(
  _: (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2)
    ? true
    : false,
): void {}

test("race() and any() infer the union of what their items result in", async () => {
  const raced = await race([
    () => 1,
    ({ sleep }) => sleep(60_000).then(() => "late"),
  ]);
  same<typeof raced, string | number>(true);
  const first = await any([() => 1, createTask(() => true)]);
  same<typeof first, number | boolean>(true);
  assertEquals([raced, first], [1, true]);
});

test("all() infers a tuple for an array and an array for other iterables", async () => {
  const tuple = await all([
    () => 1,
    () => Promise.resolve("two"),
  ]);
  same<typeof tuple, [number, string]>(true);
  const array = await all(threes);
  same<typeof array, number[]>(true);
  assertEquals([...tuple, ...array], [1, "two", 3]);
});

test("all() and allSettled() infer records", async () => {
  const values = await all({
    users: () => Promise.resolve(["ann"]),
    orders: createTask(() => 7),
    late: ({ sleep }) => sleep(0),
  });
  same<
    typeof values,
    { users: string[]; orders: number; late: void }
  >(true);
  const outcomes = await allSettled({ users: () => "ann", orders: () => 7 });
  same<
    typeof outcomes,
    { users: TaskOutcome<string>; orders: TaskOutcome<number> }
  >(true);
  assertEquals(values.users, ["ann"]);
  assertEquals(outcomes.orders.status, "completed");
});

test("allSettled() infers a tuple of outcomes for mixed bodies", async () => {
  const outcomes = await allSettled([
    () => 1,
    createTask(() => "two"),
  ]);
  same<typeof outcomes, [TaskOutcome<number>, TaskOutcome<string>]>(true);
  const list = await allSettled(threes);
  same<typeof list, TaskOutcome<number>[]>(true);
  assertEquals([outcomes.length, list.length], [2, 1]);
});

test("asCompleted() infers the union of mixed bodies", async () => {
  const seen: (number | string)[] = [];
  for await (const value of asCompleted([() => 1, createTask(() => "two")])) {
    same<typeof value, number | string>(true);
    seen.push(value);
  }
  for await (const value of asCompleted(threes)) {
    same<typeof value, number>(true);
    seen.push(value);
  }
  assertEquals(seen.length, 3);
});

test("group.start() infers what its child is ready with from the type of started", async () => {
  await TaskGroup.run(async (group) => {
    const port = await group.start((_, started: Started<number>) => {
      started(8080);
    });
    same<typeof port, number>(true);
    const ready = await group.start((_, started) => started());
    same<typeof ready, unknown>(true);
    assertEquals([port, ready], [8080, undefined]);
  });
});

test("TaskGroup.run() gives the type of its body, or undefined or its fallback", async () => {
  const plain = await TaskGroup.run(() => 1);
  same<typeof plain, number | undefined>(true);
  const named = await TaskGroup.run(() => 1, { name: "g" });
  same<typeof named, number | undefined>(true);
  const fallback = await TaskGroup.run(() => 1, { fallback: "none" });
  same<typeof fallback, number | string>(true);
  const nothing = await TaskGroup.run(() => 1, { fallback: null, grace: 5 });
  same<typeof nothing, number | null>(true);
  assertEquals([plain, named, fallback, nothing], [1, 1, 1, 1]);
});
