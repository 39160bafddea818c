import { isSignal, unexpected } from "./validate.ts";

/** Words that people take for one another. */
const SYNONYMS: Readonly<Record<string, string>> = {
  grace: "timeout",
  timeout: "grace",
};

/** How many letters have to change to make one word of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      next[j] = Math.min(
        row[j]! + 1,
        next[j - 1]! + 1,
        row[j - 1]! + change,
      );
    }
    row = next;
  }
  return row[b.length]!;
}

/** The known name that was meant, if one is near. */
export function nearest(
  name: string,
  known: readonly string[],
): string | undefined {
  const synonym = SYNONYMS[name];
  if (synonym !== undefined && known.includes(synonym)) return synonym;
  const lower = name.toLowerCase();
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const each of known) {
    const other = each.toLowerCase();
    const far = lower.includes(other) || other.startsWith(lower)
      ? 1
      : distance(lower, other);
    if (far < least) [best, least] = [each, far];
  }
  return best;
}

/** Whether it was written as `{ … }`, in whatever realm. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

const NONE = /* @__PURE__ */ Object.freeze({});

/**
 * The options of a call, or a TypeError: for an option that doesn't exist, and
 * for what is no options object. Anything that isn't written as `{ … }` (a
 * task, a scope, a context, a `Request`, a signal) is taken for the `signal`
 * alone, so that it never lends its name or its deadline by accident.
 *
 * @param value What was given; `undefined` means no options.
 * @param what The call, for messages: `"sleep()"`.
 * @param known The names of its options.
 */
export function optionsOf<O extends object>(
  value: unknown,
  what: string,
  known: readonly (keyof O & string)[],
): O {
  if (value === undefined) return NONE as O;
  if (typeof value !== "object" || value === null) {
    throw unexpected(`use the options of ${what}`, "an object", value);
  }
  if (isPlain(value) && !isSignal(value)) {
    for (const name of Object.keys(value)) {
      if ((known as readonly string[]).includes(name)) continue;
      const meant = nearest(name, known);
      const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
      throw new TypeError(
        `Cannot use the options of ${what}: unknown option "${name}"${hint}`,
      );
    }
    return value as O;
  }
  if ((known as readonly string[]).includes("signal")) {
    return { signal: value } as unknown as O;
  }
  throw unexpected(
    `use the options of ${what}`,
    "an object with options",
    value,
  );
}
