import { clearTimeout, setTimeout } from "node:timers";

/** A timer that doesn't keep a program alive, and a clock. */
export interface Timers {
  now(): number;
  /** Calls back later; what it returns takes that back. */
  after(delay: number, callback: () => void): () => void;
}

/** Those of the platform. */
export const realTimers: Timers = {
  now: () => performance.now(),
  after(delay, callback) {
    const timer = setTimeout(callback, Math.max(0, Math.ceil(delay)));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** How often there is a new frame at most, and while only the time changes. */
const [SHORTEST, TICK] = [80, 1000];

/**
 * Decides when there is a new frame: at once after a change, but never before
 * the last one is old enough. No timer runs while nothing changes, but for one
 * a second while there is a time to count down.
 */
export class Pacer {
  readonly #frame: () => boolean;
  readonly #timers: Timers;
  #last = -Infinity;
  #due = Infinity;
  #framing = false;
  #cancel: () => void = () => {};

  /** `frame` says whether a time is shown that goes on by itself. */
  constructor(frame: () => boolean, timers: Timers) {
    this.#frame = frame;
    this.#timers = timers;
  }

  /** Something has changed. */
  touch(): void {
    // What the frame itself touches doesn't make one of its own.
    if (this.#framing) return;
    const now = this.#timers.now();
    const at = this.#last + SHORTEST;
    if (now >= at) this.#run();
    else if (at < this.#due) this.#arm(at, now);
  }

  stop(): void {
    this.#cancel();
    this.#due = Infinity;
  }

  #arm(at: number, now: number): void {
    this.stop();
    this.#due = at;
    this.#cancel = this.#timers.after(at - now, () => this.#run());
  }

  #run(): void {
    this.stop();
    const now = this.#timers.now();
    this.#last = now;
    this.#framing = true;
    try {
      if (this.#frame()) this.#arm(now + TICK, now);
    } finally {
      this.#framing = false;
    }
  }
}
