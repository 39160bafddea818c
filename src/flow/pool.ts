import {
  AsyncEvent,
  CancelScope,
  currentTime,
  InvalidStateError,
  shield,
  sleep,
  type WaitOptions,
  waitWithCancellation,
} from "../../mod.ts";
import { callable, optionsOf } from "./arguments.ts";
import { join, Line, refusal, Waiter } from "./line.ts";
import { Closing } from "./pool_closing.ts";
import {
  type Lease,
  type PoolOptions,
  type PoolSettings,
  poolSettings,
} from "./pool_options.ts";
import { quietly } from "./quiet.ts";

interface Idle<T> {
  readonly resource: T;
  readonly since: number;
}

/**
 * Resources that are made when they are needed, lent to one at a time, and kept
 * for the next: connections, browsers, workers.
 *
 * - Whoever waits longest comes next. A waiter that is cancelled keeps no
 *   place.
 * - When `create` fails, that caller's wait rejects with the error, and the
 *   next may try. A pool whose `create` always fails rejects each call.
 * - Resources are closed in a shield, within `grace`. What fails or takes
 *   longer there is a failure of a task of whoever made the pool.
 *
 * @example
 * Two connections for many
 * ```ts
 * import { map, sleep } from "@mdc/tasks";
 * import { Pool } from "@mdc/tasks/flow";
 *
 * let made = 0;
 * const closed: number[] = [];
 * const pool = new Pool({
 *   create: () => ++made,
 *   destroy: (connection) => closed.push(connection),
 *   max: 2,
 * });
 * await map([1, 2, 3, 4, 5], () => pool.use(() => sleep(1)));
 * await pool.close();
 * console.log([made, closed.length]); // [2, 2]
 * ```
 *
 * @typeParam T The resources.
 */
export class Pool<T> {
  readonly #settings: PoolSettings<T>;
  readonly #closing: Closing<T>;
  /** Those who wait: each gets a place, and what is idle at that moment. */
  readonly #line: Line<Idle<T> | undefined> = new Line<Idle<T> | undefined>();
  readonly #idle: Idle<T>[] = [];
  /** Is set when the pool is closed and nothing is lent. */
  readonly #unused: AsyncEvent = new AsyncEvent();
  /** How many are lent or being made. */
  #used = 0;
  #closed = false;
  /** Ends the wait for the first that has been idle for too long. */
  #alarm: AsyncEvent | undefined;

  /**
   * Makes a pool without resources.
   *
   * @param options How resources are made and closed, and how many there are.
   * @throws {TypeError} If an option is missing, unknown or of the wrong type.
   * @throws {RangeError} If a number is out of range.
   */
  constructor(options: PoolOptions<T>) {
    this.#settings = poolSettings(options);
    this.#closing = new Closing(this.#settings);
  }

  /** How many resources there are: lent, being made, or idle. */
  get size(): number {
    return this.#used + this.#idle.length;
  }
  /** How many resources nobody uses. */
  get idle(): number {
    return this.#idle.length;
  }
  /** How many wait for one. */
  get waiting(): number {
    return this.#line.length;
  }

  /**
   * Waits for a resource. Give it back, or dispose of the lease.
   *
   * @param options Whose cancellation ends the wait.
   * @returns A promise for the lease. It rejects with what `create` or
   * `validate` throws, with an `InvalidStateError` if the pool is closed, and
   * with the cancellation of the signal (or of the current task).
   * @throws {TypeError} If an option is unknown or of the wrong type.
   */
  acquire(options?: WaitOptions): Promise<Lease<T>> {
    const { signal } = optionsOf<WaitOptions>(options, "pool.acquire()", [
      "signal",
    ]);
    const refused = refusal({ signal });
    if (refused !== undefined) return refused;
    if (this.#closed) return Promise.reject(this.#isClosed());
    const place = this.#place({ signal });
    return quietly(async () => {
      const kept = await place;
      try {
        if (this.#closed) {
          if (kept !== undefined) this.#closing.close(kept.resource);
          throw this.#isClosed();
        }
        return this.#lend(await this.#take(kept, { signal }));
      } catch (error) {
        this.#passOn();
        throw error;
      }
    }, signal);
  }

  /**
   * Runs `body` with a resource, and gives it back when it ends, whatever it
   * ends with.
   *
   * @typeParam R What `body` returns.
   * @param body The work.
   * @param options Whose cancellation ends the wait.
   * @returns What `body` returned. It rejects with what `body` threw, and as
   * `acquire()` does.
   * @throws {TypeError} If `body` is no function, or an option is unknown or
   * of the wrong type.
   */
  use<R>(
    body: (resource: T) => R | PromiseLike<R>,
    options?: WaitOptions,
  ): Promise<R> {
    callable(body, "the body of pool.use()");
    const acquiring = this.acquire(options);
    return quietly(async () => {
      const lease = await acquiring;
      try {
        return await body(lease.value);
      } finally {
        lease.release();
      }
    }, options?.signal);
  }

  /**
   * Closes the pool: who waits is refused, idle resources are closed at once,
   * lent ones when they are given back. It isn't interrupted by its caller's
   * cancellation, but doesn't wait longer than `grace` then.
   *
   * @param options Whose cancellation that is.
   * @returns A promise that resolves when all resources are closed.
   * @throws {TypeError} If an option is unknown or of the wrong type.
   */
  close(options?: WaitOptions): Promise<void> {
    const { signal } = optionsOf<WaitOptions>(options, "pool.close()", [
      "signal",
    ]);
    this.#closed = true;
    this.#disarm();
    for (let next = this.#line.first; next; next = this.#line.first) {
      next.refuse(this.#isClosed());
    }
    for (const { resource } of this.#idle.splice(0)) {
      this.#closing.close(resource);
    }
    this.#tellUnused();
    return shield(async (scope) => {
      await this.#unused.wait(scope);
      await this.#closing.none.wait(scope);
    }, { grace: this.#settings.grace, signal });
  }

  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #isClosed(): Error {
    const { name } = this.#settings;
    return new InvalidStateError(
      `Cannot acquire from pool "${name}": it is closed`,
    );
  }

  /** A place, with what is idle: who comes later can't take it away. */
  #place(
    options: WaitOptions,
  ): Idle<T> | undefined | Promise<Idle<T> | undefined> {
    if (this.#line.first !== undefined || this.#used >= this.#settings.max) {
      return join(this.#line, new Waiter<Idle<T> | undefined>(), options);
    }
    this.#used++;
    return this.#pick();
  }
  /** What was given back last, if anything is idle. */
  #pick(): Idle<T> | undefined {
    const last = this.#idle.pop();
    if (this.#idle.length === 0) this.#disarm();
    return last;
  }
  /** The resource that was kept, or another idle one that is good, or a new one. */
  async #take(kept: Idle<T> | undefined, options: WaitOptions): Promise<T> {
    const { create, validate, name } = this.#settings;
    for (let last = kept ?? this.#pick(); last; last = this.#pick()) {
      if (await this.#isGood(last.resource, validate)) return last.resource;
      const closing = this.#closing.close(last.resource);
      await waitWithCancellation(closing, { onStop: "leave", ...options });
    }
    const scope = new CancelScope({ name: `${name}: create`, ...options });
    return await scope.run((context) => create(context)) as T;
  }
  async #isGood(
    resource: T,
    validate: PoolSettings<T>["validate"],
  ): Promise<boolean> {
    try {
      return await validate?.(resource) ?? true;
    } catch (error) {
      this.#closing.close(resource);
      throw error;
    }
  }
  #lend(value: T): Lease<T> {
    let lent = true;
    const back = (put: () => void) => () => {
      if (!lent) return;
      lent = false;
      put();
      this.#passOn();
    };
    const release = back(() => this.#keep(value));
    const discard = back(() => this.#closing.close(value));
    return { value, release, discard, [Symbol.dispose]: release };
  }
  /** A place is free: for the next who waits, if somebody does. */
  #passOn(): void {
    const next = this.#line.first;
    if (next !== undefined) return next.give(this.#pick());
    this.#used--;
    this.#tellUnused();
  }
  #keep(resource: T): void {
    if (this.#closed) return void this.#closing.close(resource);
    this.#idle.push({ resource, since: currentTime() });
    if (this.#alarm === undefined) this.#expire();
  }
  /** Closes what has been idle for too long, and waits for the next. */
  #expire(): void {
    const { idle } = this.#settings;
    this.#alarm = undefined;
    const now = currentTime();
    while (this.#idle.length > 0 && this.#idle[0]!.since + idle <= now) {
      this.#closing.close(this.#idle.shift()!.resource);
    }
    const first = this.#idle[0];
    if (first === undefined || idle === Infinity) return;
    const alarm = this.#alarm = new AsyncEvent();
    sleep(first.since + idle - now, { signal: alarm })
      .then(() => this.#expire(), () => {});
  }
  #disarm(): void {
    this.#alarm?.set();
    this.#alarm = undefined;
  }
  #tellUnused(): void {
    if (this.#closed && this.#used === 0) this.#unused.set();
  }
}
