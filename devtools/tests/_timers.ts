import type { Timers } from "../console/pacer.ts";

/** Timers that a test lets go off. */
export class FakeTimers implements Timers {
  #now = 0;
  readonly #due = new Map<() => void, number>();

  now(): number {
    return this.#now;
  }
  after(delay: number, callback: () => void): () => void {
    const run = () => callback();
    this.#due.set(run, this.#now + delay);
    return () => void this.#due.delete(run);
  }
  /** How many are armed. */
  get size(): number {
    return this.#due.size;
  }
  /** Lets time go on, in milliseconds. */
  advance(time: number): void {
    const end = this.#now + time;
    for (;;) {
      const next = [...this.#due].filter(([, at]) => at <= end)
        .sort(([, a], [, b]) => a - b)[0];
      if (next === undefined) break;
      const [run, at] = next;
      this.#due.delete(run);
      this.#now = at;
      run();
    }
    this.#now = end;
  }
}
