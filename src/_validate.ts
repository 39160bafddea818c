/** How a received value is written in a message. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return `function ${value.name}`.trim();
  if (typeof value === "object" && value !== null) {
    const name = (value as { constructor?: { name?: string } }).constructor
      ?.name;
    return name === undefined || name === "" ? "an object" : `[${name}]`;
  }
  return String(value);
}

/**
 * A duration in milliseconds: a number that is not negative. `undefined` and
 * `Infinity` both mean "no limit" and give `Infinity`.
 */
export function duration(value: unknown, what: string): number {
  if (value === undefined) return Infinity;
  if (typeof value !== "number") {
    throw new TypeError(
      `Cannot use ${what}: expected a number of milliseconds, received ${
        show(value)
      }`,
    );
  }
  if (!(value >= 0)) {
    throw new RangeError(
      `Cannot use ${what}: expected 0 or more milliseconds, received ${value}`,
    );
  }
  return value;
}

/** Whether something is a platform signal, of whatever realm or polyfill. */
export function isSignal(value: unknown): value is AbortSignal {
  return typeof value === "object" && value !== null &&
    typeof (value as AbortSignal).aborted === "boolean" &&
    typeof (value as AbortSignal).addEventListener === "function";
}

/** A function, or a TypeError that shows what came instead. */
export function callable(value: unknown, what: string): void {
  if (typeof value !== "function") {
    throw new TypeError(
      `Cannot use ${what}: expected a function, received ${show(value)}`,
    );
  }
}

/** One of a few words, or a TypeError that lists them. */
export function oneOf<T extends string>(
  value: unknown,
  words: readonly T[],
  what: string,
): T {
  if (words.includes(value as T)) return value as T;
  throw new TypeError(
    `Cannot use ${what}: expected ${
      words.map((word) => `"${word}"`).join(" or ")
    }, received ${show(value)}`,
  );
}

/** A text or nothing, or a TypeError that shows what came instead. */
export function optionalText(value: unknown, what: string): void {
  if (value === undefined || typeof value === "string") return;
  throw new TypeError(
    `Cannot use ${what}: expected a string, received ${show(value)}`,
  );
}

/** An options object, or a TypeError. */
export function optionsObject(value: unknown, what: string): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `Cannot use the options of ${what}: expected an object, received ${
        show(value)
      }`,
    );
  }
}

/** A boolean, or a TypeError that shows what came instead. */
export function flag(value: unknown, what: string): void {
  if (typeof value === "boolean") return;
  throw new TypeError(
    `Cannot use ${what}: expected true or false, received ${show(value)}`,
  );
}
