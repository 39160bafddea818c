import {
  checkCaught,
  type ErrorClass,
  expectation,
} from "./_expected_error.ts";
import { sentence } from "./_message.ts";
import { AssertionError } from "./assertion_error.ts";

/** Asserts that `fn` throws, and returns what it threw. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** Asserts that `fn` throws an error of a class, and returns the error. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  // deno-lint-ignore no-explicit-any -- the genuine signature
  ErrorClass: abstract new (...args: any[]) => E,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  classOrMsg?: ErrorClass<E> | string,
  msgIncludes?: string,
  msg?: string,
): unknown {
  const expected = expectation(classOrMsg, msgIncludes, msg);
  try {
    fn();
  } catch (error) {
    checkCaught(error, expected);
    return error;
  }
  throw new AssertionError(
    sentence("Expected function to throw", expected.msg),
  );
}
