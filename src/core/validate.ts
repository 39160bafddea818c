import { isObject } from "./shapes.ts";

/** How a received value is written in a message, also if looking throws. */
export function show(value: unknown): string {
  try {
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value === "function") return `function ${value.name}`.trim();
    if (!isObject(value)) return String(value);
    const { name } = value.constructor;
    return name ? `[${name}]` : "an object";
  } catch {
    return typeof value === "function" ? "a function" : "an object";
  }
}

/** The error for a wrong argument: what was expected, and what came instead. */
export function unexpected(
  action: string,
  expected: string,
  value: unknown,
  Kind: new (message: string) => Error = TypeError,
): Error {
  return new Kind(
    `Cannot ${action}: expected ${expected}, received ${show(value)}`,
  );
}

/** Refuses what is of another type, by the words for the right one. */
export function ofType(
  value: unknown,
  type: "function" | "string" | "boolean" | "number",
  action: string,
  expected: string,
): void {
  // deno-lint-ignore valid-typeof -- the type is one of four words
  if (typeof value !== type) throw unexpected(action, expected, value);
}

/** A number of milliseconds, or a TypeError. */
function milliseconds(value: unknown, what: string): number {
  ofType(value, "number", `use ${what}`, "a number of milliseconds");
  return value as number;
}

/** A time that has to be given: a number that is not negative. */
export function time(value: unknown, what: string): number {
  const ms = milliseconds(value, what);
  if (ms >= 0) return ms;
  throw unexpected(`use ${what}`, "0 or more milliseconds", ms, RangeError);
}

/**
 * A duration in milliseconds: a number that is not negative. `undefined` and
 * `Infinity` both mean "no limit" and give `Infinity`.
 */
export function duration(value: unknown, what: string): number {
  return value === undefined ? Infinity : time(value, what);
}

/** Whether something is an object, or a function, with all these methods. */
export function can(value: unknown, ...methods: PropertyKey[]): boolean {
  return (isObject(value) || typeof value === "function") &&
    methods.every((method) =>
      typeof (value as Record<PropertyKey, unknown>)[method] === "function"
    );
}

/** Whether something is a platform signal, of whatever realm or polyfill. */
export function isSignal(value: unknown): value is AbortSignal {
  return can(value, "addEventListener") &&
    typeof (value as AbortSignal).aborted === "boolean";
}

/** Whether something can be awaited. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return can(value, "then");
}

/** A function, or a TypeError that shows what came instead. */
export function callable(value: unknown, what: string): void {
  ofType(value, "function", `use ${what}`, "a function");
}

/** What can be iterated, or a TypeError. Texts are nothing to iterate here. */
export function iterable(value: unknown, action: string, what: string): void {
  if (
    isObject(value) && Symbol.iterator in value
  ) return;
  throw unexpected(action, `${what} in an iterable`, value);
}

/** One of a few words, or a TypeError that lists them. */
export function oneOf<T extends string>(
  value: unknown,
  words: readonly T[],
  what: string,
): T {
  if (words.includes(value as T)) return value as T;
  const list = words.map((word) => `"${word}"`).join(" or ");
  throw unexpected(`use ${what}`, list, value);
}

/** A text or nothing, or a TypeError that shows what came instead. */
export function optionalText(value: unknown, what: string): void {
  if (value !== undefined) ofType(value, "string", `use ${what}`, "a string");
}

/** An options object, or a TypeError. */
export function optionsObject(value: unknown, what: string): void {
  if (isObject(value)) return;
  throw unexpected(`use the options of ${what}`, "an object", value);
}

/** A boolean, or a TypeError that shows what came instead. */
export function flag(value: unknown, what: string): void {
  ofType(value, "boolean", `use ${what}`, "true or false");
}

/** A deadline on the clock: any number but NaN. */
export function point(value: unknown): number {
  const at = milliseconds(value, "deadline");
  if (!Number.isNaN(at)) return at;
  throw new RangeError("Cannot use deadline: received NaN");
}
