import { isDeepStrictEqual } from "node:util";
import { format, sentence } from "./_message.ts";
import { AssertionError } from "./assertion_error.ts";

/** An array-like object; strings are not accepted. */
export type ArrayLikeArg<T> = ArrayLike<T> & object;

/** Asserts that `actual` has, for each item of `expected`, an equal one. */
export function assertArrayIncludes<T>(
  actual: ArrayLikeArg<T>,
  expected: ArrayLikeArg<T>,
  msg?: string,
): void {
  const present = Array.from(actual);
  const missing = Array.from(expected).filter((wanted) =>
    !present.some((item) => isDeepStrictEqual(item, wanted))
  );
  if (missing.length === 0) return;
  throw new AssertionError(
    sentence(`Expected ${format(actual)} to include ${format(missing)}`, msg),
  );
}

/** Asserts that `actual` contains `expected`. */
export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void {
  if (actual.includes(expected)) return;
  throw new AssertionError(
    sentence(`Expected ${format(actual)} to contain ${format(expected)}`, msg),
  );
}

/** Asserts that `actual` matches `expected`. */
export function assertMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (expected.test(actual)) return;
  throw new AssertionError(
    sentence(`Expected ${format(actual)} to match ${expected}`, msg),
  );
}

/** Asserts that `actual` doesn't match `expected`. */
export function assertNotMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (!expected.test(actual)) return;
  throw new AssertionError(
    sentence(`Expected ${format(actual)} not to match ${expected}`, msg),
  );
}
