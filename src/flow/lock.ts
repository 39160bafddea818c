import type { WaitOptions } from "../../mod.ts";
import { type Permit, withPermit } from "./permit.ts";
import { Semaphore } from "./semaphore.ts";

/**
 * Lets one at a time, in order of arrival: asyncio's `Lock`, a mutex. It can't
 * be entered twice: whoever has it and asks again waits for itself.
 *
 * @example
 * A read and a write that belong together
 * ```ts
 * import { all, checkpoint } from "@mdc/tasks";
 * import { Lock } from "@mdc/tasks/flow";
 *
 * const lock = new Lock();
 * let balance = 0;
 * const deposit = () =>
 *   lock.use(async () => {
 *     const before = balance;
 *     await checkpoint();
 *     balance = before + 1;
 *   });
 * await all([deposit, deposit, deposit]);
 * console.log(balance); // 3
 * ```
 */
export class Lock {
  readonly #semaphore = new Semaphore(1);

  /** Makes a lock that nobody has. */
  constructor() {}

  /** Whether somebody has it. */
  get locked(): boolean {
    return this.#semaphore.available === 0;
  }
  /** How many wait. */
  get waiting(): number {
    return this.#semaphore.waiting;
  }

  /**
   * Waits for the lock. Release what it gives, or dispose of it.
   *
   * @param options Whose cancellation ends the wait.
   * @returns A promise for the permit. It rejects with the cancellation of the
   * signal (or of the current task).
   * @throws {TypeError} If an option is unknown or of the wrong type.
   */
  acquire(options?: WaitOptions): Promise<Permit> {
    return this.#semaphore.acquire(options);
  }

  /**
   * Takes the lock if nobody has it.
   *
   * @returns The permit, or `undefined`.
   */
  tryAcquire(): Permit | undefined {
    return this.#semaphore.tryAcquire();
  }

  /**
   * Runs `body` with the lock, and releases it when it ends, whatever it ends
   * with.
   *
   * @typeParam T What `body` returns.
   * @param body The work.
   * @param options Whose cancellation ends the wait.
   * @returns What `body` returned. It rejects with what `body` threw, and with
   * the cancellation of the signal (or of the current task).
   * @throws {TypeError} If `body` is no function, or an option is unknown or
   * of the wrong type.
   */
  use<T>(body: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    return withPermit(() => this.acquire(options), body, "lock.use()", options);
  }
}
