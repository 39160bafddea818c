import {
  checkCaught,
  type ErrorClass,
  expectation,
} from "./_expected_error.ts";
import { sentence } from "./_message.ts";
import { AssertionError } from "./assertion_error.ts";

/** Asserts that the promise of `fn` rejects, and returns the reason. */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
/** Asserts that it rejects with an error of a class, and returns the error. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  // deno-lint-ignore no-explicit-any -- the genuine signature
  ErrorClass: abstract new (...args: any[]) => E,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  classOrMsg?: ErrorClass<E> | string,
  msgIncludes?: string,
  msg?: string,
): Promise<unknown> {
  const expected = expectation(classOrMsg, msgIncludes, msg);
  const promise = start(fn, expected.msg);
  try {
    await promise;
  } catch (error) {
    checkCaught(error, expected);
    return error;
  }
  throw new AssertionError(
    sentence("Expected function to reject", expected.msg),
  );
}

/** A synchronous throw, or anything but a promise, is not a rejection. */
function start(
  fn: () => PromiseLike<unknown>,
  msg: string | undefined,
): PromiseLike<unknown> {
  const message = sentence("Function throws when expected to reject", msg);
  let promise: PromiseLike<unknown>;
  try {
    promise = fn();
  } catch (cause) {
    throw new AssertionError(message, { cause });
  }
  if (typeof promise === "object" && typeof promise?.then === "function") {
    return promise;
  }
  throw new AssertionError(message);
}
