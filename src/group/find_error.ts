import { isObject } from "../core/shapes.ts";
import { callable } from "../core/validate.ts";
import { errorLeaves } from "./error_groups.ts";

/**
 * A class of errors, as far as {@linkcode findError} needs one.
 *
 * @typeParam E The errors.
 */
export type ErrorClass<E> = abstract new (...args: never[]) => E;

/** Whether a function is a class: of the language, or written in older code. */
function isClass(value: unknown): value is ErrorClass<unknown> {
  const own = Object.getOwnPropertyDescriptor(value, "prototype");
  if (own === undefined) return false;
  const prototype: unknown = own.value;
  return isObject(prototype) &&
    (own.writable === false || "message" in prototype);
}

/**
 * The first leaf of an error that a type guard accepts; of an error that is no
 * `AggregateError`, the only leaf is the error itself.
 *
 * @typeParam E The kind of errors.
 * @param error What was caught.
 * @param predicate Whether a leaf is the one.
 * @returns The first leaf that is accepted, or `undefined`.
 * @throws {TypeError} If `predicate` is no function.
 */
export function findError<E>(
  error: unknown,
  predicate: (leaf: unknown) => leaf is E,
): E | undefined;
/**
 * The first leaf of an error that a function accepts.
 *
 * @param error What was caught.
 * @param predicate Whether a leaf is the one.
 * @returns The first leaf that is accepted, or `undefined`.
 * @throws {TypeError} If `predicate` is no function.
 */
export function findError(
  error: unknown,
  predicate: (leaf: unknown) => boolean,
): unknown;
/**
 * The first error of a kind: among the leaves of an `AggregateError`, however
 * deeply nested, or the error itself. So one line serves what was thrown by a
 * call and what comes out of a group.
 *
 * @example
 * Retrying what is worth it
 * ```ts
 * import { findError, TaskGroup } from "@mdc/tasks";
 *
 * class Busy extends Error {
 *   after = 30;
 * }
 * const error = await TaskGroup.run((group) => {
 *   group.spawn(() => Promise.reject(new Busy()));
 * }).catch((error) => error);
 * console.log(findError(error, Busy)?.after); // 30
 * console.log(findError(new Busy(), Busy)?.after); // 30
 * console.log(findError(error, RangeError)); // undefined
 * ```
 *
 * @typeParam E The kind of errors.
 * @param error What was caught.
 * @param kind The class; functions that accept a leaf will do as well.
 * @returns The first leaf of that kind, or `undefined`.
 * @throws {TypeError} If `kind` is neither class nor function.
 */
export function findError<E>(
  error: unknown,
  kind: ErrorClass<E>,
): E | undefined;
export function findError(
  error: unknown,
  kind: ErrorClass<unknown> | ((leaf: unknown) => boolean),
): unknown {
  callable(kind, "the kind of findError()");
  const leaves = errorLeaves(error);
  return isClass(kind)
    ? leaves.find((leaf) => leaf instanceof kind)
    : leaves.find((leaf) => kind(leaf));
}
