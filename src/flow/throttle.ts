import { currentTime } from "../../mod.ts";
import { callable, flag, optionalText, optionsOf, time } from "./arguments.ts";
import { type Pace, type Paced, paced, type PacedOptions } from "./paced.ts";

/** Options of {@linkcode throttle}. */
export interface ThrottleOptions extends PacedOptions {
  /**
   * Whether the last call within the time is made when it is over. Without it,
   * it is left out. Default: `true`.
   */
  trailing?: boolean | undefined;
}

class Distance implements Pace {
  due = -Infinity;
  readonly #ms: number;

  constructor(ms: number) {
    this.#ms = ms;
  }
  asked(): void {}
  called(now: number): void {
    this.due = now + this.#ms;
  }
}

/**
 * Makes a handler that is called at most once in `ms` milliseconds: at once
 * when it was not called for so long, else when the time is over, with the
 * latest arguments.
 *
 * - The calls are a task of the scope in which it was made: cancelling that
 *   cancels what is pending, and a failure is told to it.
 * - A handler that takes its time is not called again before it has ended.
 *
 * @example
 * A display that is not drawn too often
 * ```ts
 * import { sleep } from "@mdc/tasks";
 * import { throttle } from "@mdc/tasks/flow";
 * import { withVirtualClock } from "@mdc/tasks/testing";
 *
 * await withVirtualClock(async () => {
 *   const drawn: number[] = [];
 *   const draw = throttle((done: number) => drawn.push(done), 100);
 *   for (let done = 1; done <= 5; done++) {
 *     draw(done);
 *     await sleep(30);
 *   }
 *   await draw.flush();
 *   console.log(drawn); // [1, 4, 5]
 * });
 * ```
 *
 * @typeParam A What the handler takes.
 * @param handler What to call.
 * @param ms How far apart the calls are at least, in milliseconds.
 * @param options Who owns the calls, and whether the last is made later.
 * @returns The handler to be called instead.
 * @throws {TypeError} If `handler` is no function, or an option is unknown or
 * of the wrong type.
 * @throws {RangeError} If `ms` is `NaN` or negative.
 */
export function throttle<A extends unknown[]>(
  handler: (...args: A) => unknown,
  ms: number,
  options?: ThrottleOptions,
): Paced<A> {
  callable(handler, "the handler of throttle()");
  time(ms, "the time of throttle()");
  const { trailing = true, name, parent } = optionsOf<ThrottleOptions>(
    options,
    "throttle()",
    ["trailing", "name", "parent"],
  );
  flag(trailing, "trailing");
  optionalText(name, "name");
  const pace = new Distance(ms);
  const wanted = () => trailing || currentTime() >= pace.due;
  return paced({ handler, pace, name, parent, wanted });
}
