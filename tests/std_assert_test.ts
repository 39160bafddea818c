import nodeAssert from "node:assert/strict";
import {
  assert,
  assertAlmostEquals,
  assertArrayIncludes,
  assertEquals,
  assertExists,
  assertFalse,
  assertGreater,
  assertGreaterOrEqual,
  assertInstanceOf,
  AssertionError,
  assertIsError,
  assertLess,
  assertLessOrEqual,
  assertMatch,
  assertNotEquals,
  assertNotInstanceOf,
  assertNotMatch,
  assertNotStrictEquals,
  assertObjectMatch,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
  fail,
  unimplemented,
  unreachable,
} from "@std/assert";
import { test } from "./_harness.ts";

/**
 * Each assertion once where it holds and once where it doesn't; the checks
 * are the platform's, not the stand-in's own.
 */
const cases: Record<string, { holds(): void; breaks(): void }> = {
  "assert()": { holds: () => assert(1), breaks: () => assert(0) },
  "assertFalse()": {
    holds: () => assertFalse(""),
    breaks: () => assertFalse("no"),
  },
  "assertExists()": {
    holds: () => assertExists(0),
    breaks: () => assertExists(null),
  },
  "assertEquals()": {
    holds: () => assertEquals({ a: [1, NaN] }, { a: [1, NaN] }),
    breaks: () => assertEquals<unknown>({ a: 1, b: undefined }, { a: 1 }),
  },
  "assertNotEquals()": {
    holds: () => assertNotEquals([1], [2]),
    breaks: () => assertNotEquals([1], [1]),
  },
  "assertStrictEquals()": {
    holds: () => assertStrictEquals(NaN, NaN),
    breaks: () => assertStrictEquals<unknown>({}, {}),
  },
  "assertNotStrictEquals()": {
    holds: () => assertNotStrictEquals({}, {}),
    breaks: () => assertNotStrictEquals("a", "a"),
  },
  "assertAlmostEquals()": {
    holds: () => assertAlmostEquals(0.1 + 0.2, 0.3),
    breaks: () => assertAlmostEquals(1, 1.2, 0.1),
  },
  "assertGreater()": {
    holds: () => assertGreater(2, 1),
    breaks: () => assertGreater(1, 1),
  },
  "assertGreaterOrEqual()": {
    holds: () => assertGreaterOrEqual(1, 1),
    breaks: () => assertGreaterOrEqual(NaN, 1),
  },
  "assertLess()": {
    holds: () => assertLess(1, 2),
    breaks: () => assertLess(1, 1),
  },
  "assertLessOrEqual()": {
    holds: () => assertLessOrEqual(1, 1),
    breaks: () => assertLessOrEqual(2, 1),
  },
  "assertArrayIncludes()": {
    holds: () => assertArrayIncludes([{ a: 1 }, { a: 2 }], [{ a: 2 }]),
    breaks: () => assertArrayIncludes([1, 2], [2, 3]),
  },
  "assertStringIncludes()": {
    holds: () => assertStringIncludes("cancelled", "cancel"),
    breaks: () => assertStringIncludes("cancelled", "abort"),
  },
  "assertMatch()": {
    holds: () => assertMatch("task 12", /\d+$/),
    breaks: () => assertMatch("task", /\d+$/),
  },
  "assertNotMatch()": {
    holds: () => assertNotMatch("task", /\d/),
    breaks: () => assertNotMatch("task 12", /\d/),
  },
  "assertInstanceOf()": {
    holds: () => assertInstanceOf(new TypeError(), Error),
    breaks: () => assertInstanceOf(null, Error),
  },
  "assertNotInstanceOf()": {
    holds: () => assertNotInstanceOf(new Error(), TypeError),
    breaks: () => assertNotInstanceOf(new TypeError(), Error),
  },
  "assertIsError()": {
    holds: () => assertIsError(new RangeError("got -1"), RangeError, /-\d/),
    breaks: () => assertIsError(new RangeError("got -1"), RangeError, "+1"),
  },
  "assertObjectMatch()": {
    holds: () =>
      assertObjectMatch({ a: { b: 1, c: 2 }, d: [1, 2] }, {
        a: { c: 2 },
        d: [1],
      }),
    breaks: () => assertObjectMatch({ d: [1] }, { d: [1, 2] }),
  },
  "assertThrows()": {
    holds: () =>
      void assertThrows(
        () => {
          throw new TypeError("not a task");
        },
        TypeError,
        "task",
      ),
    breaks: () => void assertThrows(() => {}),
  },
};

for (const [name, { holds, breaks }] of Object.entries(cases)) {
  test(`stand-in ${name} passes what holds and refuses what doesn't`, () => {
    holds();
    nodeAssert.throws(breaks, AssertionError);
  });
}

test("stand-in assertThrows() returns what was thrown, and refuses another class", () => {
  const error = new RangeError("got -1");
  const raise = () => {
    throw error;
  };
  nodeAssert.equal(assertThrows(raise), error);
  nodeAssert.equal(assertThrows(raise, RangeError, "-1"), error);
  nodeAssert.throws(() => assertThrows(raise, TypeError), AssertionError);
  nodeAssert.throws(() => assertThrows(raise, Error, "+1"), AssertionError);
});

test("stand-in assertRejects() returns the reason, and refuses another class", async () => {
  const error = new RangeError("got -1");
  const reject = () => Promise.reject(error);
  nodeAssert.equal(await assertRejects(reject), error);
  nodeAssert.equal(await assertRejects(reject, RangeError, "-1"), error);
  await nodeAssert.rejects(assertRejects(reject, TypeError), AssertionError);
  await nodeAssert.rejects(
    assertRejects(reject, Error, "+1"),
    AssertionError,
  );
});

test("stand-in assertRejects() refuses a value and a synchronous throw", async () => {
  await nodeAssert.rejects(
    assertRejects(() => Promise.resolve(1)),
    AssertionError,
  );
  await nodeAssert.rejects(
    assertRejects(() => {
      throw new Error("at the door");
    }),
    AssertionError,
  );
});

test("stand-in assertObjectMatch() goes into maps and sets", () => {
  const actual = {
    map: new Map([["a", { x: 1, y: 2 }], ["b", { x: 3, y: 4 }]]),
    set: new Set([1, 2]),
  };
  assertObjectMatch(actual, {
    map: new Map([["a", { x: 1 }]]),
    set: new Set([2]),
  });
  for (
    const expected of [{ set: new Set([3]) }, { map: new Map([["c", 1]]) }]
  ) {
    nodeAssert.throws(
      () => assertObjectMatch(actual, expected),
      AssertionError,
    );
  }
});

test("stand-in assertObjectMatch() takes a cycle for equal, or not", () => {
  const cycle = (extra: object) => {
    const object: Record<string, unknown> = { n: 1, ...extra };
    return Object.assign(object, { self: object });
  };
  assertObjectMatch(cycle({}), cycle({}));
  nodeAssert.throws(
    () => assertObjectMatch(cycle({ more: 1 }), cycle({})),
    AssertionError,
  );
});

test("stand-in failures carry the caller's message", () => {
  for (const failing of [fail, unreachable, unimplemented]) {
    nodeAssert.throws(() => failing("why"), /: why$/);
  }
  nodeAssert.throws(() => assertEquals(1, 2, "why"), /: why\n/);
});
