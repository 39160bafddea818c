/**
 * Stand-in for `@std/async`, used where only the npm registry is reachable.
 *
 * The functions that examples and interop tests use, with the signatures and
 * the behaviour of the genuine package.
 *
 * @module
 */
export { abortable } from "./abortable.ts";
export { deadline, type DeadlineOptions } from "./deadline.ts";
export { delay, type DelayOptions } from "./delay.ts";
export { pooledMap } from "./pool.ts";
