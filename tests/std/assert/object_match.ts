import { isDeepStrictEqual } from "node:util";
import { format, sentence } from "./_message.ts";
import { AssertionError } from "./assertion_error.ts";

/**
 * Asserts that `actual` has at least what `expected` has: its keys at every
 * depth, its items from the start of an array, its entries of a map or set.
 */
export function assertObjectMatch(
  // deno-lint-ignore no-explicit-any -- the genuine signature
  actual: Record<PropertyKey, any>,
  expected: Record<PropertyKey, unknown>,
  msg?: string,
): void {
  if (matches(actual, expected, new Map())) return;
  throw new AssertionError(
    sentence(`Expected ${format(actual)} to match ${format(expected)}`, msg),
  );
}

/**
 * `seen` holds the pairs in progress. Where a cycle comes back to one, the
 * whole has to be equal, as with the genuine function.
 */
function matches(
  actual: unknown,
  expected: unknown,
  seen: Map<unknown, unknown>,
): boolean {
  if (!isContainer(actual) || !isContainer(expected)) {
    return isDeepStrictEqual(actual, expected);
  }
  if (actual === expected) return true;
  if (seen.get(expected) === actual) return isDeepStrictEqual(actual, expected);
  seen.set(expected, actual);
  if (expected instanceof Map) {
    return actual instanceof Map &&
      [...expected].every(([key, value]) =>
        actual.has(key) && matches(actual.get(key), value, seen)
      );
  }
  if (expected instanceof Set) {
    return actual instanceof Set &&
      [...expected].every((value) => actual.has(value));
  }
  return Array.isArray(actual) === Array.isArray(expected) &&
    keysOf(expected).every((key) =>
      Object.hasOwn(actual, key) &&
      matches(Reflect.get(actual, key), Reflect.get(expected, key), seen)
    );
}

/** An array's `length` is left out: the longer one may match the shorter. */
function keysOf(value: object): PropertyKey[] {
  const keys = Reflect.ownKeys(value);
  return Array.isArray(value) ? keys.filter((key) => key !== "length") : keys;
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null &&
    !(value instanceof Date) && !(value instanceof RegExp);
}
