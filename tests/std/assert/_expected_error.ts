import { sentence } from "./_message.ts";
import { AssertionError } from "./assertion_error.ts";
import { assertIsError } from "./is_error.ts";

// deno-lint-ignore no-explicit-any -- the genuine signature
export type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

/** What `assertThrows` and `assertRejects` expect of the error. */
export interface Expectation<E extends Error> {
  type: ErrorClass<E> | undefined;
  includes: string | undefined;
  msg: string | undefined;
}

/** Tells the two overloads, (fn, msg) and (fn, class, includes, msg), apart. */
export function expectation<E extends Error>(
  typeOrMsg?: ErrorClass<E> | string,
  includes?: string,
  msg?: string,
): Expectation<E> {
  return typeof typeOrMsg === "string"
    ? { type: undefined, includes: undefined, msg: typeOrMsg }
    : { type: typeOrMsg, includes, msg };
}

/** Asserts that a caught value is the expected one; without class any is. */
export function checkCaught<E extends Error>(
  caught: unknown,
  { type, includes, msg }: Expectation<E>,
): void {
  if (!type) return;
  if (!(caught instanceof Error)) {
    throw new AssertionError(sentence("A non-Error object was thrown", msg), {
      cause: caught,
    });
  }
  assertIsError(caught, type, includes, msg);
}
