import { isObject } from "./shapes.ts";
import { isSignal, unexpected } from "./validate.ts";

/** Words that people take for one another. */
const SYNONYMS: Readonly<Record<string, string>> = {
  grace: "timeout",
  timeout: "grace",
};

/** How many letters of one word the other lacks, in whatever order. */
function distance(a: string, b: string): number {
  let rest = b;
  let lacks = 0;
  for (const letter of a) {
    const less = rest.replace(letter, "");
    if (less === rest) lacks++;
    rest = less;
  }
  return Math.max(lacks, rest.length);
}

/** Whether one word may be a slip of the other. */
function isNear(name: string, known: string): boolean {
  const [a, b] = [name.toLowerCase(), known.toLowerCase()] as const;
  return a.includes(b) || b.startsWith(a) ||
    distance(a, b) <= Math.max(2, a.length / 3);
}

/** Asks whether a known name was meant, or is empty if none is near. */
export function didYouMean(name: string, known: readonly string[]): string {
  const meant = known.find((each) => each === SYNONYMS[name]) ??
    known.find((each) => isNear(name, each));
  return meant === undefined ? "" : `; did you mean "${meant}"?`;
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
  const names: readonly string[] = known;
  const action = `use the options of ${what}`;
  if (isObject(value)) {
    if (isPlain(value) && !isSignal(value)) {
      const unknown = Object.keys(value).find((name) => !names.includes(name));
      if (unknown === undefined) return value as O;
      const hint = didYouMean(unknown, names);
      throw new TypeError(
        `Cannot ${action}: unknown option "${unknown}"${hint}`,
      );
    }
    if (names.includes("signal")) return { signal: value } as unknown as O;
  }
  throw unexpected(action, "an object with options", value);
}
