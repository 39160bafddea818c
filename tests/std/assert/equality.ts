import nodeAssert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { format, sentence } from "./_message.ts";
import { AssertionError } from "./assertion_error.ts";

/**
 * Asserts that two values are equal by structure.
 *
 * Stricter than the genuine function for `0` and `-0` and for objects without
 * prototype; laxer for two different `Error`s, where the genuine one compares
 * the stacks too. Compare an error's fields, or its identity.
 */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new AssertionError(
    `${sentence("Values are not equal", msg)}\n${
      diff(() => nodeAssert.deepStrictEqual(actual, expected))
    }`,
  );
}

/** Asserts that two values differ in structure. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!isDeepStrictEqual(actual, expected)) return;
  throw new AssertionError(
    sentence(`Expected a value other than ${format(expected)}`, msg),
  );
}

/** Asserts that two values are the same by `Object.is`. */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  throw new AssertionError(
    `${sentence("Values are not strictly equal", msg)}\n${
      diff(() => nodeAssert.strictEqual(actual, expected))
    }`,
  );
}

/** Asserts that two values are not the same by `Object.is`. */
export function assertNotStrictEquals<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (!Object.is(actual, expected)) return;
  throw new AssertionError(
    sentence(`Expected another value than ${format(expected)}`, msg),
  );
}

function diff(failing: () => void): string {
  try {
    failing();
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}
