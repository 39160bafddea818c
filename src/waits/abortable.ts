import type { Cancellation } from "../core/cancellation.ts";
import { rememberCheckpoint } from "../core/diagnostics.ts";
import { atDoor } from "../core/door.ts";
import { Listener } from "../core/node.ts";
import { quiet } from "../core/quiet.ts";
import { stopListening } from "../core/signals.ts";
import { recordOf, type Source, subscribe } from "../core/source.ts";
import { afterTick } from "../core/tick.ts";
import { isThenable, unexpected } from "../core/validate.ts";
import { waiterOf, type WaitOptions } from "../core/waiter.ts";

class AbortableWait extends Listener {
  readonly #reject: (error: Error) => void;
  promise: Promise<unknown> | undefined = undefined;
  constructor(reject: (error: Error) => void) {
    super();
    this.#reject = reject;
  }
  override cancelled(record: Cancellation): void {
    // A value that is ready in this tick arrives before, and is delivered.
    afterTick(() => {
      this.#reject(record.error);
      quiet(this.promise!);
    });
  }
}

/** Waits for a promise as a child of `source`. */
export function abortableIn<T>(
  source: Source | undefined,
  promise: PromiseLike<T>,
): Promise<T> {
  if (!isThenable(promise)) {
    throw unexpected("use abortable()", "a promise", promise);
  }
  if (source === undefined) return Promise.resolve(promise);
  const record = recordOf(source);
  if (record !== undefined) {
    // Nobody else may be waiting for it; its failure must not end the process.
    promise.then(undefined, () => {});
    return atDoor(source, record);
  }
  rememberCheckpoint(source, "abortable()");
  let wait: AbortableWait;
  const waiting = new Promise<T>((resolve, reject) => {
    wait = new AbortableWait(reject);
    subscribe(source, wait);
    promise.then((value) => {
      stopListening(wait);
      resolve(value);
    }, (error) => {
      stopListening(wait);
      reject(error);
    });
  });
  wait!.promise = waiting;
  return waiting;
}

/**
 * Waits for a promise that knows nothing of cancellation, and stops waiting
 * when cancelled. The work behind the promise goes on; nobody waits for it.
 *
 * A value that is ready in the tick of the cancellation is delivered. Later,
 * whatever becomes of the promise is ignored.
 *
 * @example Not waiting any longer
 * ```ts
 * import { abortable } from "@mdc/tasks";
 * import { assertRejects } from "@std/assert";
 *
 * const never = new Promise(() => {});
 * const controller = new AbortController();
 * const wait = abortable(never, { signal: controller.signal });
 * controller.abort(new Error("enough"));
 * await assertRejects(() => wait, Error, "enough");
 * ```
 *
 * @typeParam T What the promise resolves to.
 * @param promise What to wait for.
 * @param options Whose cancellation ends the wait.
 * @returns A promise that settles like `promise`, or rejects with the
 * cancellation of the signal (or of the current task).
 * @throws {TypeError} If `promise` is no promise, or the signal no cancel
 * source.
 */
export function abortable<T>(
  promise: PromiseLike<T>,
  options?: WaitOptions,
): Promise<T> {
  return abortableIn(waiterOf(options, "abortable()"), promise);
}
