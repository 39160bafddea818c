import type { Cancellation } from "../core/cancellation.ts";
import { clock } from "../core/clock.ts";
import { rememberWait } from "../core/diagnostics.ts";
import { atDoor } from "../core/door.ts";
import { Listener } from "../core/node.ts";
import { quiet } from "../core/quiet.ts";
import { stopListening } from "../core/signals.ts";
import { recordOf, type Source, subscribe } from "../core/source.ts";
import { time } from "../core/validate.ts";
import { waiterOf, type WaitOptions } from "../core/waiter.ts";

/** A sleep without end: only its cancellation wakes it. */
class Sleeper extends Listener {
  readonly #reject: (error: Error) => void;
  promise: Promise<void> | undefined = undefined;

  constructor(reject: (error: Error) => void) {
    super();
    this.#reject = reject;
  }
  override cancelled(record: Cancellation): void {
    this.#reject(record.error);
    quiet(this.promise!);
  }
}

class TimedSleeper extends Sleeper {
  readonly #disarm: () => void;

  constructor(resolve: () => void, reject: (error: Error) => void, ms: number) {
    super(reject);
    this.#disarm = clock.schedule(() => {
      stopListening(this);
      resolve();
    }, ms);
  }
  override cancelled(record: Cancellation): void {
    this.#disarm();
    super.cancelled(record);
  }
}

/** Sleeps for a valid time as a child of `source`. */
export function sleepIn(source: Source | undefined, ms: number): Promise<void> {
  const record = recordOf(source);
  if (record !== undefined) return atDoor(source!, record);
  let sleeper: Sleeper;
  const promise = new Promise<void>((resolve, reject) => {
    sleeper = ms === Infinity
      ? new Sleeper(reject)
      : new TimedSleeper(resolve, reject, ms);
  });
  sleeper!.promise = promise;
  if (source !== undefined) subscribe(source, sleeper!);
  return rememberWait(promise, source, "sleep()");
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
 * import { assertEquals } from "@std/assert";
 *
 * const task = createTask(() => sleep(60_000));
 * task.cancel();
 * await task.catch(() => {});
 * assertEquals(task.status, "cancelled");
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
