import { callable, optionalText, optionsOf, time } from "./arguments.ts";
import { type Pace, type Paced, paced, type PacedOptions } from "./paced.ts";

/** Options of {@linkcode debounce}. */
export interface DebounceOptions extends PacedOptions {
  /**
   * How long calls that keep coming can put the handler off, in milliseconds.
   * Default: `Infinity`.
   */
  maxWait?: number | undefined;
}

class Silence implements Pace {
  due = 0;
  #latest = Infinity;
  readonly #ms: number;
  readonly #maxWait: number;

  constructor(ms: number, maxWait: number) {
    this.#ms = ms;
    this.#maxWait = maxWait;
  }
  asked(now: number, pending: boolean): void {
    if (!pending) this.#latest = now + this.#maxWait;
    this.due = Math.min(now + this.#ms, this.#latest);
  }
  called(): void {}
}

/**
 * Makes a handler that is called when nobody has asked for it for `ms`
 * milliseconds, once, with the latest arguments: for typing, resizing, files
 * that change.
 *
 * - The calls are a task of the scope in which it was made: cancelling that
 *   cancels what is pending, and a failure is told to it.
 * - A handler that takes its time is not called again before it has ended.
 *
 * @example
 * Saving when the typing is over
 * ```ts
 * import { sleep } from "@mdc/tasks";
 * import { debounce } from "@mdc/tasks/flow";
 * import { withVirtualClock } from "@mdc/tasks/testing";
 *
 * await withVirtualClock(async () => {
 *   const saved: string[] = [];
 *   const save = debounce((text: string) => saved.push(text), 300);
 *   for (const text of ["h", "he", "hey"]) {
 *     save(text);
 *     await sleep(100);
 *   }
 *   await sleep(300);
 *   console.log(saved); // ["hey"]
 * });
 * ```
 *
 * @typeParam A What the handler takes.
 * @param handler What to call.
 * @param ms How long it has to be silent, in milliseconds.
 * @param options Who owns the calls, and how long they can be put off.
 * @returns The handler to be called instead.
 * @throws {TypeError} If `handler` is no function, or an option is unknown or
 * of the wrong type.
 * @throws {RangeError} If a time is `NaN` or negative.
 */
export function debounce<A extends unknown[]>(
  handler: (...args: A) => unknown,
  ms: number,
  options?: DebounceOptions,
): Paced<A> {
  callable(handler, "the handler of debounce()");
  time(ms, "the time of debounce()");
  const { maxWait = Infinity, name, parent } = optionsOf<DebounceOptions>(
    options,
    "debounce()",
    ["maxWait", "name", "parent"],
  );
  time(maxWait, "maxWait");
  optionalText(name, "name");
  return paced({ handler, pace: new Silence(ms, maxWait), name, parent });
}
