import { assertEquals, assertStrictEquals } from "@std/assert";
import { errorLeaves, splitError, TaskGroup } from "../mod.ts";
import { test } from "./_harness.ts";
import { assertRefused } from "./_probes.ts";

const a = new RangeError("a");
const b = new TypeError("b");
const c = new Error("c");
const nested = new AggregateError([new AggregateError([a, b]), c]);

test("errorLeaves() gives the leaves of nested errors in order", () => {
  assertEquals(errorLeaves(nested), [a, b, c]);
});

test("errorLeaves() gives any other value itself", () => {
  for (const value of [c, undefined, null, "text", 0]) {
    const leaves = errorLeaves(value);
    assertEquals(leaves.length, 1);
    assertStrictEquals(leaves[0], value);
  }
});

test("errorLeaves() gives nothing for an AggregateError without errors", () => {
  assertEquals(errorLeaves(new AggregateError([])), []);
});

test("errorLeaves() keeps an error that comes up twice", () => {
  assertEquals(errorLeaves(new AggregateError([a, new AggregateError([a])])), [
    a,
    a,
  ]);
});

test("errorLeaves() gives a new list that can be changed", () => {
  errorLeaves(nested).pop();
  assertEquals(nested.errors.length, 2);
});

test("errorLeaves() works 10,000 levels deep and on 200,000 errors", () => {
  let deep: unknown = c;
  for (let i = 0; i < 10_000; i++) deep = new AggregateError([deep]);
  assertEquals(errorLeaves(deep), [c]);
  const wide = new AggregateError(Array.from({ length: 200_000 }, () => c));
  assertEquals(errorLeaves(wide).length, 200_000);
});

test("errorLeaves() finds what went wrong in nested groups", async () => {
  const caught = await TaskGroup.run((outer) => {
    outer.spawn(() =>
      TaskGroup.run((inner) => {
        inner.spawn(() => Promise.reject(a));
      })
    );
  }).catch((error) => error);
  assertEquals(errorLeaves(caught), [a]);
});

test("splitError() splits the leaves by a predicate, in order", () => {
  const { matching, rest } = splitError(
    nested,
    (leaf) => leaf instanceof RangeError || leaf === c,
  );
  assertEquals(matching, [a, c]);
  assertEquals(rest, [b]);
});

test("splitError() takes an error that is no group for its only leaf", () => {
  assertEquals(splitError(a, (leaf) => leaf === a), {
    matching: [a],
    rest: [],
  });
});

test("splitError() refuses a predicate that is no function", () => {
  const split = splitError as (...args: unknown[]) => unknown;
  assertRefused(() => split(a), TypeError, "received undefined");
});
