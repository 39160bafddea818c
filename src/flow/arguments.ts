import type { CancelSource } from "../../mod.ts";

/** How a received value is written in a message. */
function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return `function ${value.name}`.trim();
  if (typeof value !== "object" || value === null) return String(value);
  const name: unknown = value.constructor?.name;
  return typeof name === "string" && name !== "" ? `[${name}]` : "an object";
}

/** The error for a wrong argument: what was expected, and what came instead. */
export function unexpected(
  what: string,
  expected: string,
  value: unknown,
  Kind: new (message: string) => Error = TypeError,
): Error {
  return new Kind(
    `Cannot use ${what}: expected ${expected}, received ${show(value)}`,
  );
}

/** A function, or a TypeError. */
export function callable(value: unknown, what: string): void {
  if (typeof value !== "function") throw unexpected(what, "a function", value);
}

/** A number of milliseconds that is not negative; it may be infinite. */
export function time(value: unknown, what: string): number {
  return within(value, what, "0 or more milliseconds", (ms) => ms >= 0);
}

/** A time above zero that ends. */
export function period(value: unknown, what: string): number {
  const expected = "a finite number of milliseconds above 0";
  return within(value, what, expected, (ms) => ms > 0 && ms < Infinity);
}

/** A whole number from `least` on, or `Infinity` where that is allowed. */
export function count(
  value: unknown,
  what: string,
  { least = 1, endless = false }: { least?: number; endless?: boolean } = {},
): number {
  return within(
    value,
    what,
    `a whole number from ${least} on`,
    (number) =>
      number >= least &&
      (Number.isInteger(number) || endless && number === Infinity),
  );
}

/** A number that fits, or an error that says which would. */
export function within(
  value: unknown,
  what: string,
  expected: string,
  fits: (value: number) => boolean,
): number {
  if (typeof value !== "number") throw unexpected(what, expected, value);
  if (fits(value)) return value;
  throw unexpected(what, expected, value, RangeError);
}

/** One of a few words, or a TypeError that lists them. */
export function oneOf<T extends string>(
  value: unknown,
  words: readonly T[],
  what: string,
): T {
  if (words.includes(value as T)) return value as T;
  throw unexpected(what, words.map((word) => `"${word}"`).join(" or "), value);
}

/** A text or nothing, or a TypeError. */
export function optionalText(value: unknown, what: string): void {
  if (value === undefined || typeof value === "string") return;
  throw unexpected(what, "a string", value);
}

/** A boolean, or a TypeError. */
export function flag(value: unknown, what: string): void {
  if (typeof value !== "boolean") {
    throw unexpected(what, "true or false", value);
  }
}

/** Whether it was written as `{ … }`, in whatever realm. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A source of cancellation, `null` or nothing, or a TypeError. */
function sourceOrNothing(value: unknown, what: string): void {
  if (value === undefined || value === null) return;
  const own = value as Partial<AbortSignal & { signal: AbortSignal }>;
  if (typeof value === "object") {
    if (typeof own.aborted === "boolean") return;
    if (typeof own.signal?.aborted === "boolean") return;
  }
  throw unexpected(
    `the signal of ${what}`,
    "an AbortSignal, or an AbortController, AsyncEvent, Task or CancelScope",
    value,
  );
}

/** Whether two words differ in one place only, by two letters at most. */
function isNear(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (long.length - short.length > 2) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start++;
  let end = 0;
  while (
    end < short.length - start &&
    short[short.length - 1 - end] === long[long.length - 1 - end]
  ) end++;
  return long.length - start - end <= 2;
}

/** The known name that was probably meant. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  return known.find((each) => {
    const other = each.toLowerCase();
    return lower.includes(other) || other.startsWith(lower) ||
      isNear(lower, other);
  });
}

/** Options with a `signal` that has been looked at. */
export interface Signalled {
  /** Whose cancellation ends it. */
  signal?: CancelSource | null | undefined;
}

const NONE = /* @__PURE__ */ Object.freeze({});

/**
 * The options of a call, or a TypeError for an option that doesn't exist and
 * for what is no options object. As everywhere in the library, anything that
 * isn't written as `{ … }` is taken for the `signal` alone.
 */
export function optionsOf<O extends object>(
  value: unknown,
  what: string,
  known: readonly (keyof O & string)[],
): O {
  if (value === undefined) return NONE as O;
  if (typeof value !== "object" || value === null) {
    throw unexpected(`the options of ${what}`, "an object", value);
  }
  const takesSignal = (known as readonly string[]).includes("signal");
  if (!isPlain(value)) {
    if (!takesSignal) {
      throw unexpected(
        `the options of ${what}`,
        "an object with options",
        value,
      );
    }
    sourceOrNothing(value, what);
    return { signal: value } as O;
  }
  for (const name of Object.keys(value)) {
    if ((known as readonly string[]).includes(name)) continue;
    const meant = nearest(name, known);
    const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
    throw new TypeError(
      `Cannot use the options of ${what}: unknown option "${name}"${hint}`,
    );
  }
  if (takesSignal) sourceOrNothing((value as Signalled).signal, what);
  return value as O;
}
