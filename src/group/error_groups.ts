import { isObject } from "../core/shapes.ts";
import { callable } from "../core/validate.ts";

/**
 * What an `AggregateError` holds, of whatever realm, or `undefined` for any
 * other value. Other errors may have a list named `errors` that means something
 * else, so the name has to be right, on the error or on a prototype of it.
 */
function errorsOf(value: unknown): readonly unknown[] | undefined {
  if (!isObject(value)) return undefined;
  try {
    const { errors } = value as { errors?: unknown };
    if (!Array.isArray(errors)) return undefined;
    for (
      let at: unknown = value;
      at !== null;
      at = Object.getPrototypeOf(at)
    ) {
      const name = Object.getOwnPropertyDescriptor(at, "name");
      if (name?.value === "AggregateError") return errors;
    }
  } catch {
    // Whatever resists being looked at is a leaf.
  }
  return undefined;
}

/**
 * The errors in an `AggregateError`, however deeply nested, in order. Of any
 * other value, the value itself. An `AggregateError` of another realm counts as
 * one; one that comes up again, or contains itself, is opened once.
 *
 * @example
 * What really went wrong
 * ```ts
 * import { errorLeaves } from "@mdc/tasks";
 *
 * const inner = new AggregateError([new RangeError("a"), new TypeError("b")]);
 * const outer = new AggregateError([inner, new Error("c")]);
 * const messages = errorLeaves(outer).map((error) => (error as Error).message);
 * console.log(messages); // ["a", "b", "c"]
 * ```
 *
 * @param error What was caught.
 * @returns The leaves, in a new array.
 */
export function errorLeaves(error: unknown): unknown[] {
  const leaves: unknown[] = [];
  const opened = new Set<unknown>();
  const stack: unknown[] = [error];
  while (stack.length > 0) {
    const at = stack.pop();
    const errors = errorsOf(at);
    if (errors === undefined) {
      leaves.push(at);
      continue;
    }
    if (opened.has(at)) continue;
    opened.add(at);
    for (let i = errors.length; i > 0; i--) stack.push(errors[i - 1]);
  }
  return leaves;
}

/** The two halves of an error that was split. */
export interface SplitError {
  /** The leaves that match. */
  readonly matching: unknown[];
  /** The leaves that don't. */
  readonly rest: unknown[];
}

/**
 * Splits the leaves of an error into those that `predicate` accepts and the
 * rest: handle the first, throw the second on.
 *
 * @example
 * Handling one kind of error
 * ```ts
 * import { splitError } from "@mdc/tasks";
 *
 * const error = new AggregateError([new RangeError("a"), new TypeError("b")]);
 * const { matching, rest } = splitError(
 *   error,
 *   (leaf) => leaf instanceof RangeError,
 * );
 * console.log([matching.length, rest.length]); // [1, 1]
 * ```
 *
 * @param error What was caught.
 * @param predicate Whether a leaf matches.
 * @returns Both halves, in order.
 * @throws {TypeError} If `predicate` is no function.
 */
export function splitError(
  error: unknown,
  predicate: (leaf: unknown) => boolean,
): SplitError {
  callable(predicate, "the predicate of splitError()");
  const matching: unknown[] = [];
  const rest: unknown[] = [];
  for (const leaf of errorLeaves(error)) {
    (predicate(leaf) ? matching : rest).push(leaf);
  }
  return { matching, rest };
}
