import { schedule } from "../core/clock.ts";
import { rememberWait } from "../core/diagnostics.ts";
import { atDoor } from "../core/door.ts";
import { recordOf, type Source } from "../core/source.ts";
import { time } from "../core/validate.ts";
import { Wait } from "../core/wait.ts";
import { waiterOf, type WaitOptions } from "../core/waiter.ts";

class TimedWait extends Wait {
  readonly #disarm: () => void;

  constructor(ms: number) {
    super();
    this.#disarm = schedule(() => this.done(), ms);
  }
  override release(): void {
    this.#disarm();
  }
}

/** Sleeps for a valid time as a child of `source`. */
export function sleepIn(source: Source | undefined, ms: number): Promise<void> {
  const record = recordOf(source);
  if (record !== undefined) return atDoor(source!, record);
  const wait = ms === Infinity ? new Wait() : new TimedWait(ms);
  return rememberWait(wait.under(source), source, "sleep()");
}

/** The time to sleep, or an error that shows what came instead. */
export function sleepTime(ms: unknown): number {
  return time(ms, "the time of sleep()");
}

/**
 * Waits for a time, or until it is cancelled. Times above 2^31-1 ms work, and
 * `Infinity` waits until the cancellation and holds no timer.
 *
 * @example
 * A nap that is cut short
 * ```ts
 * import { createTask, sleep } from "@mdc/tasks";
 *
 * const task = createTask(() => sleep(60_000));
 * task.cancel();
 * await task.catch(() => {});
 * console.log(task.status); // "cancelled"
 * ```
 *
 * @param ms How long, in milliseconds.
 * @param options Whose cancellation ends the wait.
 * @returns A promise that resolves after the time. It rejects with the
 * cancellation of the signal (or of the current task); its timer is gone then.
 * @throws {RangeError} If `ms` is `NaN` or negative.
 * @throws {TypeError} If `ms` is no number, or the signal no cancel source.
 */
export function sleep(ms: number, options?: WaitOptions): Promise<void> {
  const duration = sleepTime(ms);
  return sleepIn(waiterOf(options, "sleep()"), duration);
}
