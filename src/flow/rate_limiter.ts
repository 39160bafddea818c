import { AsyncEvent, currentTime, sleep, type WaitOptions } from "../../mod.ts";
import { callable, count, optionsOf, period } from "./arguments.ts";
import { join, Line, refusal, Waiter } from "./line.ts";
import { quietly } from "./quiet.ts";
import { SlidingWindow, TokenBucket, type Turns } from "./turns.ts";

/** Options of `new RateLimiter()`. */
export interface RateLimiterOptions {
  /** How many turns there are in an interval: a whole number from 1 on. */
  limit: number;
  /** How long an interval is, in milliseconds. */
  interval: number;
  /**
   * With it the limiter is a token bucket: so many turns may come at once, then
   * one each `interval / limit`. Without it, it is a sliding window.
   */
  burst?: number | undefined;
}

/** Options of `limiter.acquire()` and `limiter.use()` of a rate limiter. */
export interface TurnOptions extends WaitOptions {
  /** Whose turns these are: each key has its own. Default: all share one. */
  key?: unknown;
}

function* take<T>(from: Iterable<T>, many: number): Generator<T> {
  if (many <= 0) return;
  for (const each of from) {
    yield each;
    if (--many <= 0) return;
  }
}

class TurnWaiter extends Waiter<void> {
  readonly #lane: Lane;
  constructor(lane: Lane) {
    super();
    this.#lane = lane;
  }
  override leave(): void {
    super.leave();
    this.#lane.left();
  }
}

/** The turns of one key, and who waits for them. */
class Lane {
  readonly turns: Turns;
  readonly line = new Line<void>();
  /** Ends the wait for the next turn, while there is one. */
  #alarm: AsyncEvent | undefined;

  constructor(turns: Turns) {
    this.turns = turns;
  }
  /** Takes a turn if there is one and nobody waits. */
  take(): boolean {
    if (this.line.first !== undefined) return false;
    const now = currentTime();
    if (this.turns.next(now) > now) return false;
    this.turns.take(now);
    return true;
  }
  wait(options: WaitOptions): Promise<void> {
    const turn = join(this.line, new TurnWaiter(this), options);
    if (this.#alarm === undefined) this.#arm(currentTime());
    return turn;
  }
  /** A waiter has left: for nobody there is no timer. */
  left(): void {
    if (this.line.first === undefined) this.#alarm?.set();
  }
  /** Gives their turn to all whose turn has come, then waits for the next. */
  #serve(): void {
    const now = currentTime();
    while (this.line.first !== undefined && this.turns.next(now) <= now) {
      this.turns.take(now);
      this.line.first.give();
    }
    if (this.line.first !== undefined) this.#arm(now);
  }
  #arm(now: number): void {
    const alarm = this.#alarm = new AsyncEvent();
    const over = (serve: boolean) => {
      this.#alarm = undefined;
      if (serve || this.line.first !== undefined) this.#serve();
    };
    // The wait is the limiter's: who waits for a turn is cut for themselves.
    sleep(this.turns.next(now) - now, { signal: alarm })
      .then(() => over(true), () => over(false));
  }
}

/**
 * Lets so many begin in a time, in order of arrival.
 *
 * - Without `burst` it is a sliding window: in whatever `interval` one looks
 *   at, at most `limit` turns began.
 * - With `burst` it is a token bucket: it holds at most `burst` turns, is full
 *   at first, and gets one each `interval / limit` milliseconds.
 * - A waiter that is cancelled leaves at once and uses no turn up. There is one
 *   timer for each key that somebody waits for, and none otherwise.
 * - A key whose turns are all back is forgotten.
 *
 * @example
 * Two in 100 ms, for each host
 * ```ts
 * import { currentTime } from "@mdc/tasks";
 * import { RateLimiter } from "@mdc/tasks/flow";
 * import { withVirtualClock } from "@mdc/tasks/testing";
 * import { assertEquals } from "@std/assert";
 *
 * await withVirtualClock(async () => {
 *   const limiter = new RateLimiter({ limit: 2, interval: 100 });
 *   const began: number[] = [];
 *   for (const host of ["a", "a", "a", "b"]) {
 *     await limiter.use(() => began.push(currentTime()), { key: host });
 *   }
 *   assertEquals(began, [0, 0, 100, 100]);
 * });
 * ```
 */
export class RateLimiter {
  readonly #make: () => Turns;
  readonly #lanes = new Map<unknown, Lane>();

  /**
   * Makes a limiter of which nothing is used up.
   *
   * @param options How many, in what time, and how many at once.
   * @throws {TypeError} If an option is missing, unknown or of the wrong type.
   * @throws {RangeError} If a number is out of range.
   */
  constructor(options: RateLimiterOptions) {
    const { limit, interval, burst } = optionsOf<RateLimiterOptions>(
      options,
      "RateLimiter",
      ["limit", "interval", "burst"],
    );
    count(limit, "limit");
    period(interval, "interval");
    if (burst !== undefined) count(burst, "burst");
    this.#make = burst === undefined
      ? () => new SlidingWindow(limit, interval)
      : () => new TokenBucket(burst, interval / limit);
  }

  /** How many keys are known: those whose turns are not all back. */
  get size(): number {
    this.#sweep(this.#lanes.size);
    return this.#lanes.size;
  }

  /**
   * Waits for a turn.
   *
   * @param options Whose turn it is, and whose cancellation ends the wait.
   * @returns A promise that resolves when it is the caller's turn. It rejects
   * with the cancellation of the signal (or of the current task).
   * @throws {TypeError} If an option is unknown or of the wrong type.
   */
  acquire(options?: TurnOptions): Promise<void> {
    const { key, signal } = optionsOf<TurnOptions>(
      options,
      "limiter.acquire()",
      ["key", "signal"],
    );
    const refused = refusal({ signal });
    if (refused !== undefined) return refused;
    const lane = this.#lane(key);
    return lane.take() ? Promise.resolve() : lane.wait({ signal });
  }

  /**
   * Takes a turn if there is one and nobody waits for it.
   *
   * @param options Whose turn it is.
   * @returns Whether there was one.
   * @throws {TypeError} If an option is unknown.
   */
  tryAcquire(options?: Pick<TurnOptions, "key">): boolean {
    const { key } = optionsOf<Pick<TurnOptions, "key">>(
      options,
      "limiter.tryAcquire()",
      ["key"],
    );
    return this.#lane(key).take();
  }

  /**
   * Waits for a turn, then runs `body`.
   *
   * @typeParam T What `body` returns.
   * @param body The work.
   * @param options Whose turn it is, and whose cancellation ends the wait.
   * @returns What `body` returned. It rejects with what `body` threw, and with
   * the cancellation of the signal (or of the current task).
   * @throws {TypeError} If `body` is no function, or an option is unknown or
   * of the wrong type.
   */
  use<T>(body: () => T | PromiseLike<T>, options?: TurnOptions): Promise<T> {
    callable(body, "the body of limiter.use()");
    const turn = this.acquire(options);
    return quietly(async () => {
      await turn;
      return await body();
    }, options?.signal);
  }

  #lane(key: unknown): Lane {
    // More than the one that may be new, so that they don't pile up.
    this.#sweep(2);
    let lane = this.#lanes.get(key);
    if (lane === undefined) this.#lanes.set(key, lane = new Lane(this.#make()));
    return lane;
  }

  /** Looks at the next so many, and forgets those that are as good as new. */
  #sweep(many: number): void {
    const now = currentTime();
    for (const [key, lane] of [...take(this.#lanes, many)]) {
      this.#lanes.delete(key);
      const { line, turns } = lane;
      if (line.first === undefined && turns.isFresh(now)) continue;
      this.#lanes.set(key, lane);
    }
  }
}
