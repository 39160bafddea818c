import type { WaitOptions } from "../../mod.ts";
import { count, optionsOf } from "./arguments.ts";
import { type Permit, withPermit } from "./permit.ts";
import { Semaphore } from "./semaphore.ts";

/** A semaphore that tells when nobody has a permit of it or waits for one. */
class KeySemaphore extends Semaphore {
  readonly #idled: () => void;

  constructor(permits: number, idled: () => void) {
    super(permits);
    this.#idled = idled;
  }
  get idle(): boolean {
    return this.available === this.capacity && this.waiting === 0;
  }
  override "~giveBack"(weight: number): void {
    super["~giveBack"](weight);
    if (this.idle) this.#idled();
  }
}

/**
 * A semaphore for each key: so many at a time for each host, user
 * or file. A key that nobody uses or waits for is forgotten.
 *
 * @example
 * One write at a time for each file
 * ```ts
 * import { all, sleep } from "@mdc/tasks";
 * import { KeyedLimiter } from "@mdc/tasks/flow";
 *
 * const files = new KeyedLimiter<string>(1);
 * const order: string[] = [];
 * const write = (file: string, text: string) => () =>
 *   files.use(file, async () => {
 *     await sleep(1);
 *     order.push(text);
 *   });
 * await all([write("a", "first"), write("a", "second"), write("b", "other")]);
 * console.log(order); // ["first", "other", "second"]
 * console.log(files.size); // 0
 * ```
 *
 * @typeParam K The keys, which are compared as those of a `Map`.
 */
export class KeyedLimiter<K = string> {
  /** How many permits each key has. */
  readonly capacity: number;
  readonly #semaphores = new Map<K, KeySemaphore>();

  /**
   * Makes a limiter that knows no key yet.
   *
   * @param permits How many permits each key has: a whole number from 1 on.
   * @throws {TypeError} If it is no number.
   * @throws {RangeError} If it is none of these.
   */
  constructor(permits: number) {
    this.capacity = count(permits, "the permits of a KeyedLimiter");
  }

  /** How many keys are in use. */
  get size(): number {
    return this.#semaphores.size;
  }

  /**
   * How many permits of a key nobody has.
   *
   * @param key The key.
   */
  available(key: K): number {
    return this.#semaphores.get(key)?.available ?? this.capacity;
  }

  /**
   * Waits for a permit of a key. Release it, or dispose of it.
   *
   * @param key The key.
   * @param options Whose cancellation ends the wait.
   * @returns A promise for the permit. It rejects with the cancellation of the
   * signal (or of the current task).
   * @throws {TypeError} If an option is unknown or of the wrong type.
   */
  acquire(key: K, options?: WaitOptions): Promise<Permit> {
    const { signal } = optionsOf<WaitOptions>(
      options,
      "limiter.acquire()",
      ["signal"],
    );
    const semaphore = this.#semaphore(key);
    const permit = semaphore.acquire({ signal });
    // Who was cancelled before it asked leaves no key behind.
    if (semaphore.idle) this.#semaphores.delete(key);
    return permit;
  }

  /**
   * Takes a permit of a key if there is one and nobody waits.
   *
   * @param key The key.
   * @returns The permit, or `undefined`.
   */
  tryAcquire(key: K): Permit | undefined {
    return this.#semaphore(key).tryAcquire();
  }

  /**
   * Runs `body` with a permit of a key, and releases it when it ends, whatever
   * it ends with.
   *
   * @typeParam T What `body` returns.
   * @param key The key.
   * @param body The work.
   * @param options Whose cancellation ends the wait.
   * @returns What `body` returned. It rejects with what `body` threw, and with
   * the cancellation of the signal (or of the current task).
   * @throws {TypeError} If `body` is no function, or an option is unknown or
   * of the wrong type.
   */
  use<T>(
    key: K,
    body: () => T | PromiseLike<T>,
    options?: WaitOptions,
  ): Promise<T> {
    const acquire = () => this.acquire(key, options);
    return withPermit(acquire, body, "limiter.use()", options);
  }

  #semaphore(key: K): KeySemaphore {
    const known = this.#semaphores.get(key);
    if (known !== undefined) return known;
    const made = new KeySemaphore(
      this.capacity,
      () => void this.#semaphores.delete(key),
    );
    this.#semaphores.set(key, made);
    return made;
  }
}
