import { AsyncEvent } from "../../mod.ts";
import { type Items, iterate } from "./iterate.ts";
import { refusal } from "./line.ts";
import { Queue } from "./queue.ts";

/** What came of asking a source for its next item. */
interface Answer<T> {
  readonly from: AsyncIterator<T>;
  readonly result?: IteratorResult<T>;
  readonly error?: unknown;
}

/** Asks all sources at once, and keeps what they answer. */
class Merging<T> {
  readonly #sources: readonly AsyncIterator<T>[];
  readonly #pending = new Set<Promise<void>>();
  readonly #answers = new Queue<Answer<T>>();
  readonly #answered = new AsyncEvent();
  readonly #over: AsyncEvent;

  constructor(sources: readonly AsyncIterator<T>[], over: AsyncEvent) {
    this.#sources = sources;
    this.#over = over;
  }
  async *items(): AsyncGenerator<T, void> {
    try {
      let live = this.#sources.length;
      for (const source of this.#sources) this.#ask(source);
      while (live > 0) {
        await refusal(undefined);
        while (this.#answers.length === 0) {
          await this.#answered.wait();
          this.#answered.clear();
          if (this.#over.isSet) return;
        }
        const { from, result, error } = this.#answers.shift();
        if (result === undefined) throw error;
        if (result.done) live--;
        else {
          yield result.value;
          this.#ask(from);
        }
      }
    } finally {
      await this.#close();
    }
  }
  /** Ends a step that waits. */
  wake(): void {
    this.#answered.set();
  }
  #ask(from: AsyncIterator<T>): void {
    const asked = from.next().then(
      (result) => this.#keep({ from, result }),
      (error) => this.#keep({ from, error }),
    );
    this.#pending.add(asked);
    void asked.then(() => this.#pending.delete(asked));
  }
  #keep(answer: Answer<T>): void {
    this.#answers.push(answer);
    this.#answered.set();
  }
  /** Sources that are asked leave at once; the others are told. */
  async #close(): Promise<void> {
    this.#over.set();
    const told = this.#sources.map((source) => source.return?.());
    await Promise.allSettled([...told, ...this.#pending]);
  }
}

/**
 * The items of several sources in one loop, in the order in which they come.
 *
 * - Each source is asked for its next item when its last one was taken.
 * - The first error ends it. However the loop is left, all sources are closed;
 *   each has a second for it, as with `abortable()`.
 * - Each step is cut by the innermost scope in which it is made. Where the
 *   current task isn't known, loop over `abortable(merge(…), { signal })`.
 *
 * @example
 * Two feeds
 * ```ts
 * import { Channel, merge } from "@mdc/tasks/flow";
 *
 * const [a, b] = [new Channel<string>(), new Channel<string>()];
 * void a.send("from a").then(() => a.close());
 * void b.send("from b").then(() => b.close());
 * const seen: string[] = [];
 * for await (const item of merge(a, b)) seen.push(item);
 * console.log(seen); // ["from a", "from b"]
 * ```
 *
 * @typeParam T The items.
 * @param sources Channels, streams and iterables.
 * @returns An iterator for one loop.
 * @throws {TypeError} If a source is none of these.
 */
export function merge<T>(...sources: Items<T>[]): AsyncIterableIterator<T> {
  const over = new AsyncEvent();
  const iterators = sources.map((source) =>
    iterate(source, over, "a source of merge()")
  );
  const merging = new Merging(iterators, over);
  const items = merging.items();
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => items.next() as Promise<IteratorResult<T>>,
    async return(value?: unknown) {
      // A generator that waits hears of its return() only when it is woken.
      over.set();
      merging.wake();
      await items.return();
      return { done: true, value };
    },
  };
}
