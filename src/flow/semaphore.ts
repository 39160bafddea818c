import type { WaitOptions } from "../../mod.ts";
import { count, optionsOf, within } from "./arguments.ts";
import { join, Line, refusal, Waiter } from "./line.ts";
import { type Permit, withPermit } from "./permit.ts";

/** Options of `semaphore.tryAcquire()`. */
export interface WeightOptions {
  /** How many of the permits it takes. Default: 1. */
  weight?: number | undefined;
}

/** Options of `semaphore.acquire()` and `semaphore.use()`. */
export interface AcquireOptions extends WaitOptions, WeightOptions {}

/** Internal: who gets back what was taken. */
class TakenPermit implements Permit {
  #semaphore: Semaphore | undefined;
  readonly #weight: number;

  constructor(semaphore: Semaphore, weight: number) {
    this.#semaphore = semaphore;
    this.#weight = weight;
  }
  release(): void {
    const semaphore = this.#semaphore;
    if (semaphore === undefined) return;
    this.#semaphore = undefined;
    semaphore["~giveBack"](this.#weight);
  }
  [Symbol.dispose](): void {
    this.release();
  }
}

class WeightedWaiter extends Waiter<Permit> {
  readonly weight: number;
  readonly #semaphore: Semaphore;
  constructor(semaphore: Semaphore, weight: number) {
    super();
    this.#semaphore = semaphore;
    this.weight = weight;
  }
  override leave(): void {
    super.leave();
    // Those behind may need less than the one who left.
    this.#semaphore["~giveBack"](0);
  }
}

/**
 * Lets so many at a time, in order of arrival: asyncio's `Semaphore`, trio's
 * and anyio's `CapacityLimiter`.
 *
 * - Whoever waits longest comes next, also if somebody behind needs less.
 * - A waiter that is cancelled leaves at once, and takes no permit with it. One
 *   that got its permit in the tick of the cancellation has it; the next wait
 *   rejects.
 * - A waiter holds no timer.
 *
 * @example
 * Two at a time
 * ```ts
 * import { all, sleep } from "@mdc/tasks";
 * import { Semaphore } from "@mdc/tasks/flow";
 * import { assertEquals } from "@std/assert";
 *
 * const connections = new Semaphore(2);
 * let most = 0;
 * const query = () =>
 *   connections.use(async () => {
 *     most = Math.max(most, connections.capacity - connections.available);
 *     await sleep(1);
 *   });
 * await all([query, query, query, query]);
 * assertEquals(most, 2);
 * ```
 */
export class Semaphore {
  /** How many permits there are. */
  readonly capacity: number;
  #available: number;
  readonly #line = new Line<Permit>();

  /**
   * Makes a semaphore of which nothing is taken.
   *
   * @param permits How many permits there are: a whole number from 1 on.
   * @throws {TypeError} If it is no number.
   * @throws {RangeError} If it is none of these.
   */
  constructor(permits: number) {
    this.capacity = count(permits, "the permits of a Semaphore");
    this.#available = permits;
  }

  /** How many permits nobody has. */
  get available(): number {
    return this.#available;
  }
  /** How many wait. */
  get waiting(): number {
    return this.#line.length;
  }

  /**
   * Waits for a permit. Release it, or dispose of it.
   *
   * @example
   * For as long as a block
   * ```ts
   * import { Semaphore } from "@mdc/tasks/flow";
   * import { assertEquals } from "@std/assert";
   *
   * const semaphore = new Semaphore(3);
   * {
   *   using _ = await semaphore.acquire({ weight: 2 });
   *   assertEquals(semaphore.available, 1);
   * }
   * assertEquals(semaphore.available, 3);
   * ```
   *
   * @param options How many permits, and whose cancellation ends the wait.
   * @returns A promise for the permit. It rejects with the cancellation of the
   * signal (or of the current task).
   * @throws {TypeError} If an option is unknown or of the wrong type.
   * @throws {RangeError} If `weight` is none from 1 to `capacity`.
   */
  acquire(options?: AcquireOptions): Promise<Permit> {
    if (options === undefined) return this.#acquire(1, undefined);
    const { weight = 1, signal } = optionsOf<AcquireOptions>(
      options,
      "semaphore.acquire()",
      ["weight", "signal"],
    );
    return this.#acquire(this.#weight(weight), { signal });
  }

  /**
   * Takes a permit if there is one and nobody waits.
   *
   * @param options How many permits.
   * @returns The permit, or `undefined`.
   * @throws {TypeError} If an option is unknown or of the wrong type.
   * @throws {RangeError} If `weight` is none from 1 to `capacity`.
   */
  tryAcquire(options?: WeightOptions): Permit | undefined {
    const { weight = 1 } = optionsOf<WeightOptions>(
      options,
      "semaphore.tryAcquire()",
      ["weight"],
    );
    this.#weight(weight);
    return this.#isFree(weight) ? this.#take(weight) : undefined;
  }

  /**
   * Runs `body` with a permit, and releases it when it ends, whatever it ends
   * with.
   *
   * @typeParam T What `body` returns.
   * @param body The work.
   * @param options How many permits, and whose cancellation ends the wait.
   * @returns What `body` returned. It rejects with what `body` threw, and with
   * the cancellation of the signal (or of the current task).
   * @throws {TypeError} If `body` is no function, or an option is unknown or
   * of the wrong type.
   * @throws {RangeError} If `weight` is none from 1 to `capacity`.
   */
  use<T>(
    body: () => T | PromiseLike<T>,
    options?: AcquireOptions,
  ): Promise<T> {
    const acquire = () => this.acquire(options);
    return withPermit(acquire, body, "semaphore.use()", options);
  }

  /** Internal: takes back what a permit took. */
  "~giveBack"(weight: number): void {
    this.#available += weight;
    this.#serve();
  }

  #weight(weight: unknown): number {
    const { capacity } = this;
    return within(
      weight,
      "weight",
      `a whole number from 1 to ${capacity}`,
      (number) => Number.isInteger(number) && number >= 1 && number <= capacity,
    );
  }
  #isFree(weight: number): boolean {
    return this.#line.first === undefined && this.#available >= weight;
  }
  #take(weight: number): Permit {
    this.#available -= weight;
    return new TakenPermit(this, weight);
  }
  #acquire(
    weight: number,
    options: WaitOptions | undefined,
  ): Promise<Permit> {
    const refused = refusal(options);
    if (refused !== undefined) return refused;
    if (this.#isFree(weight)) return Promise.resolve(this.#take(weight));
    return join(this.#line, new WeightedWaiter(this, weight), options);
  }
  #serve(): void {
    for (;;) {
      const first = this.#line.first as WeightedWaiter | undefined;
      if (first === undefined || first.weight > this.#available) return;
      first.give(this.#take(first.weight));
    }
  }
}
