import { later } from "../core/clock.ts";
import { rememberWait } from "../core/diagnostics.ts";
import { atDoor } from "../core/door.ts";
import { quiet } from "../core/quiet.ts";
import { recordOf, type Source } from "../core/source.ts";
import { waiterOf, type WaitOptions } from "../core/waiter.ts";

/** A checkpoint of `source`. */
export function checkpointIn(source: Source | undefined): Promise<void> {
  if (source === undefined) return new Promise((done) => later(done));
  const record = recordOf(source);
  if (record !== undefined) return atDoor(source, record);
  const promise = new Promise<void>((resolve, reject) => {
    later(() => {
      const record = recordOf(source);
      if (record === undefined) return resolve();
      reject(record.error);
      quiet(promise);
    });
  });
  return rememberWait(promise, source, "checkpoint()");
}

/**
 * Lets everything else have its turn, and notices a cancellation: the place to
 * put into a long loop.
 *
 * The turn is a macrotask, so timers, I/O and with them the cancellation get
 * through; `await null` in a loop lets none of them.
 *
 * @example
 * A loop that can be stopped
 * ```ts
 * import { checkpoint, createTask, sleep } from "@mdc/tasks";
 *
 * let rounds = 0;
 * const task = createTask(async () => {
 *   while (true) {
 *     rounds++;
 *     await checkpoint();
 *   }
 * });
 * await sleep(5);
 * task.cancel();
 * await task.catch(() => {});
 * console.log(rounds > 0); // true
 * ```
 *
 * @param options Whose cancellation is looked at.
 * @returns A promise that resolves in a later macrotask. It rejects with the
 * cancellation of the signal (or of the current task) if there is one before
 * or after the turn.
 * @throws {TypeError} If the signal is no cancel source.
 */
export function checkpoint(options?: WaitOptions): Promise<void> {
  return checkpointIn(waiterOf(options, "checkpoint()"));
}
