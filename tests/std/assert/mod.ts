/**
 * Stand-in for `@std/assert`, used where only the npm registry is reachable.
 *
 * Same names and signatures as the genuine package, and never laxer than it
 * except for errors compared by value (see {@linkcode assertEquals}), so that
 * a test that passes here passes there. What is missing here is not used by
 * the tests.
 *
 * @module
 */
export { AssertionError } from "./assertion_error.ts";
export { assert, assertExists, assertFalse, type Falsy } from "./truth.ts";
export {
  assertEquals,
  assertNotEquals,
  assertNotStrictEquals,
  assertStrictEquals,
} from "./equality.ts";
export {
  assertAlmostEquals,
  assertGreater,
  assertGreaterOrEqual,
  assertLess,
  assertLessOrEqual,
} from "./order.ts";
export {
  type ArrayLikeArg,
  assertArrayIncludes,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "./contents.ts";
export { assertObjectMatch } from "./object_match.ts";
export { assertInstanceOf, assertNotInstanceOf } from "./instance.ts";
export { assertIsError } from "./is_error.ts";
export { assertThrows } from "./throws.ts";
export { assertRejects } from "./rejects.ts";
export { fail, unimplemented, unreachable } from "./fail.ts";
