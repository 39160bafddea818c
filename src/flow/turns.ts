/** When the next turn is, of a limit on how many begin in a time. */
export interface Turns {
  /** The time from which on there is a turn; it may lie in the past. */
  next(now: number): number;
  /** Uses one up. There has to be one. */
  take(now: number): void;
  /** Whether nothing is used up any more. */
  isFresh(now: number): boolean;
}

/** At most `limit` in whatever `interval` one looks at. */
export class SlidingWindow implements Turns {
  readonly #limit: number;
  readonly #interval: number;
  /** When the last `limit` turns were: a ring, whose oldest is at `#oldest`. */
  readonly #taken: number[] = [];
  #oldest = 0;

  constructor(limit: number, interval: number) {
    this.#limit = limit;
    this.#interval = interval;
  }
  next(): number {
    if (this.#taken.length < this.#limit) return -Infinity;
    return this.#taken[this.#oldest]! + this.#interval;
  }
  take(now: number): void {
    if (this.#taken.length < this.#limit) this.#taken.push(now);
    else {
      this.#taken[this.#oldest] = now;
      this.#oldest = (this.#oldest + 1) % this.#limit;
    }
  }
  isFresh(now: number): boolean {
    const { length } = this.#taken;
    const latest = this.#taken[(this.#oldest + length - 1) % length];
    return latest === undefined || latest + this.#interval <= now;
  }
}

/**
 * At most `burst` at once, and one more each `every` milliseconds. What it
 * remembers is when the bucket is full again.
 */
export class TokenBucket implements Turns {
  readonly #burst: number;
  readonly #every: number;
  #full = -Infinity;

  constructor(burst: number, every: number) {
    this.#burst = burst;
    this.#every = every;
  }
  next(): number {
    return this.#full - (this.#burst - 1) * this.#every;
  }
  take(now: number): void {
    this.#full = Math.max(this.#full, now) + this.#every;
  }
  isFresh(now: number): boolean {
    return this.#full <= now;
  }
}
