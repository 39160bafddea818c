import { type Clock, isVirtual, macrotask, setClock } from "../core/clock.ts";
import { optionsOf } from "../core/options.ts";
import { callable, duration, flag, show } from "../core/validate.ts";
import { InvalidStateError } from "../errors.ts";

/** Options of {@linkcode withVirtualClock}. */
export interface VirtualClockOptions {
  /**
   * Whether time jumps to the next timer as soon as everything waits.
   * Default: `true`. Without it time stands still until `advance()`.
   */
  autoAdvance?: boolean | undefined;
  /** What the epoch time starts from, in milliseconds. Default: 0. */
  epoch?: number | undefined;
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** The epoch moves with the clock, so both readings agree. */
class ManualClock implements Clock {
  #now = 0;
  readonly #epoch: number;
  readonly #auto: boolean;
  /** Sorted by time; equal times keep their order. */
  readonly #timers: Timer[] = [];
  #activity = 0;
  #pumping = false;

  constructor(epoch: number, auto: boolean) {
    this.#epoch = epoch;
    this.#auto = auto;
  }
  get timers(): number {
    return this.#timers.length;
  }
  readonly now = (): number => this.#now;
  readonly epoch = (): number => this.#epoch + this.#now;
  readonly schedule = (callback: () => void, ms: number): () => void => {
    const timer = { at: this.#now + ms, callback };
    let index = this.#timers.length;
    while (index > 0 && this.#timers[index - 1]!.at > timer.at) index--;
    this.#timers.splice(index, 0, timer);
    this.#activity++;
    if (this.#auto) void this.#pump();
    return () => {
      const found = this.#timers.indexOf(timer);
      if (found >= 0) this.#timers.splice(found, 1);
    };
  };
  readonly yield = (callback: () => void): void => {
    this.#activity++;
    macrotask(() => {
      this.#activity++;
      callback();
    });
  };
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await this.idle();
    while (this.#timers.length > 0 && this.#timers[0]!.at <= until) {
      this.#fire();
      await this.idle();
    }
    this.#now = Math.max(this.#now, until);
  }
  /** Resolves when a whole macrotask has passed in which nothing happened. */
  async idle(): Promise<void> {
    for (let before = -1; before !== this.#activity;) {
      before = this.#activity;
      await new Promise<void>(macrotask);
      await new Promise<void>(macrotask);
    }
  }
  #fire(): void {
    const timer = this.#timers.shift()!;
    this.#now = Math.max(this.#now, timer.at);
    this.#activity++;
    timer.callback();
  }
  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      for (;;) {
        await this.idle();
        if (this.#timers.length === 0) return;
        this.#fire();
      }
    } finally {
      this.#pumping = false;
    }
  }
}

/** Time under control of a test. */
export interface VirtualClock {
  /** Milliseconds since the start of the test. */
  readonly now: number;
  /** How many timers are armed. */
  readonly timers: number;
  /**
   * Lets time pass: fires the timers that come due, in order, and lets
   * everything react to each before the next.
   *
   * @param ms How long, in milliseconds.
   * @throws {RangeError} If it is `NaN`, negative or infinite.
   */
  advance(ms: number): Promise<void>;
  /**
   * Waits until everything waits: no reaction, no checkpoint is outstanding.
   * Real I/O is not seen.
   */
  idle(): Promise<void>;
}

/**
 * Runs `body` under a clock of its own, which the whole library honours:
 * `sleep`, timeouts, deadlines, grace periods, progress. By default time jumps
 * to the next timer whenever everything waits, so that a test of an hour takes
 * no time, and is the same each time.
 *
 * Two of them can't run at the same time. Real timers and I/O keep real time.
 * A loop of checkpoints never waits, so time stands still as long as it runs.
 *
 * @example
 * An hour in a moment
 * ```ts
 * import { sleep } from "@mdc/tasks";
 * import { withVirtualClock } from "@mdc/tasks/testing";
 *
 * await withVirtualClock(async (clock) => {
 *   await sleep(3_600_000);
 *   console.log(clock.now); // 3_600_000
 * });
 * ```
 *
 * @typeParam T What `body` returns.
 * @param body The test.
 * @param options Whether time moves by itself, and the epoch.
 * @returns A promise of what `body` returned.
 * @throws {TypeError} If `body` is no function or an option has the wrong type.
 * @throws {RangeError} If the epoch is not finite.
 * @throws {InvalidStateError} If a virtual clock is in use already.
 */
export function withVirtualClock<T>(
  body: (clock: VirtualClock) => T | PromiseLike<T>,
  options?: VirtualClockOptions,
): Promise<T> {
  callable(body, "the body of withVirtualClock()");
  const { autoAdvance = true, epoch = 0 } = optionsOf<VirtualClockOptions>(
    options,
    "withVirtualClock()",
    ["autoAdvance", "epoch"],
  );
  flag(autoAdvance, "autoAdvance");
  instant(epoch);
  if (isVirtual()) {
    throw new InvalidStateError(
      "Cannot start a virtual clock: another one is in use",
    );
  }
  return runWith(new ManualClock(epoch, autoAdvance), body);
}

function instant(epoch: unknown): void {
  if (typeof epoch !== "number") {
    throw new TypeError(
      `Cannot use epoch: expected a number of milliseconds, received ${
        show(epoch)
      }`,
    );
  }
  if (!Number.isFinite(epoch)) {
    throw new RangeError(
      `Cannot use epoch: expected a finite number of milliseconds, received ${epoch}`,
    );
  }
}

async function runWith<T>(
  clock: ManualClock,
  body: (clock: VirtualClock) => T | PromiseLike<T>,
): Promise<T> {
  const before = setClock(clock);
  try {
    return await body({
      get now() {
        return clock.now();
      },
      get timers() {
        return clock.timers;
      },
      advance(ms: unknown) {
        if (ms === undefined) {
          throw new TypeError(
            "Cannot use the time of advance(): expected a number of milliseconds, received undefined",
          );
        }
        const time = duration(ms, "the time of advance()");
        if (time === Infinity) {
          throw new RangeError(
            "Cannot advance by an infinite time: received Infinity",
          );
        }
        return clock.advance(time);
      },
      idle: () => clock.idle(),
    });
  } finally {
    setClock(before);
  }
}
