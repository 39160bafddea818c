import { format, sentence } from "./_message.ts";
import { AssertionError } from "./assertion_error.ts";

/** Asserts that `actual` is greater than `expected`. */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual > expected)) throw disorder(actual, ">", expected, msg);
}

/** Asserts that `actual` is greater than or equal to `expected`. */
export function assertGreaterOrEqual<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (!(actual >= expected)) throw disorder(actual, ">=", expected, msg);
}

/** Asserts that `actual` is less than `expected`. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual < expected)) throw disorder(actual, "<", expected, msg);
}

/** Asserts that `actual` is less than or equal to `expected`. */
export function assertLessOrEqual<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (!(actual <= expected)) throw disorder(actual, "<=", expected, msg);
}

/**
 * Asserts that two numbers are at most `tolerance` apart, by default a
 * ten-millionth of `expected`.
 */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void {
  if (Object.is(actual, expected)) return;
  const allowed = tolerance ??
    (Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7);
  const distance = Math.abs(actual - expected);
  if (distance <= allowed) return;
  throw new AssertionError(
    sentence(
      `Expected ${actual} to be within ${allowed} of ${expected}, ` +
        `distance is ${distance}`,
      msg,
    ),
  );
}

function disorder(
  actual: unknown,
  relation: string,
  expected: unknown,
  msg?: string,
): AssertionError {
  return new AssertionError(
    msg ?? `Expected ${format(actual)} ${relation} ${format(expected)}`,
  );
}
