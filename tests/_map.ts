/** What the tests of `map()` have as sources. */
import { deafSleep } from "./_bodies.ts";

/** A source that says what happens to it. */
export class Source<T> {
  readonly #items: readonly T[];
  pulled = 0;
  returned = 0;
  pulling = 0;
  mostPulling = 0;
  failure: unknown;

  constructor(items: readonly T[]) {
    this.#items = items;
  }
  take(): IteratorResult<T> {
    if (this.failure !== undefined) throw this.failure;
    const index = this.pulled++;
    return index < this.#items.length
      ? { done: false, value: this.#items[index] as T }
      : { done: true, value: undefined };
  }
  sync(): Iterable<T> {
    return {
      [Symbol.iterator]: () => ({
        next: () => this.take(),
        return: () => {
          this.returned++;
          return { done: true, value: undefined };
        },
      }),
    };
  }
  async(ms = 0): AsyncIterable<T> {
    return {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          this.mostPulling = Math.max(this.mostPulling, ++this.pulling);
          try {
            await deafSleep(ms);
            return this.take();
          } finally {
            this.pulling--;
          }
        },
        return: () => {
          this.returned++;
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
  }
}

export const ten: number[] = Array.from({ length: 10 }, (_, i) => i);
