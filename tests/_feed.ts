/** What the tests of `abortable()` iterate. */
import { never } from "./_probes.ts";

/** An iterable that tells what is asked of it. */
export class Feed implements AsyncIterable<number> {
  readonly #next: (index: number) => Promise<number | undefined>;
  readonly #close: () => Promise<unknown>;
  asked = 0;
  returned = 0;

  constructor(
    next: (index: number) => Promise<number | undefined>,
    close: () => Promise<unknown> = () => Promise.resolve(),
  ) {
    this.#next = next;
    this.#close = close;
  }
  [Symbol.asyncIterator](): AsyncIterator<number> {
    return {
      next: async () => {
        const value = await this.#next(this.asked++);
        return value === undefined
          ? { done: true, value: undefined }
          : { done: false, value };
      },
      return: async () => {
        this.returned++;
        await this.#close();
        return { done: true, value: undefined };
      },
    };
  }
}

/** Gives 0 and 1, then hangs. */
export const hangs = (index: number): Promise<number> =>
  index < 2 ? Promise.resolve(index) : never;

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const item of items) seen.push(item);
  return seen;
}
