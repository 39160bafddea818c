import { assertEquals } from "@std/assert";
import { all, any, createTask, race } from "../mod.ts";
import { test } from "./_harness.ts";

test("race() and any() infer the union of what their items result in", async () => {
  const raced: string | number = await race([
    () => 1,
    ({ sleep }) => sleep(60_000).then(() => "late"),
  ]);
  const first: boolean | number = await any([() => 1, createTask(() => true)]);
  assertEquals([raced, first], [1, true]);
});

test("all() infers a tuple for an array and an array for other iterables", async () => {
  const tuple: [number, string] = await all([
    () => 1,
    () => Promise.resolve("two"),
  ]);
  const array: number[] = await all(new Set([() => 3]));
  assertEquals([...tuple, ...array], [1, "two", 3]);
});
