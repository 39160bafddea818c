import { atDoor } from "../core/door.ts";
import { quiet, quietIf } from "../core/quiet.ts";
import { recordOf, type Source } from "../core/source.ts";
import { isThenable } from "../core/validate.ts";
import { isCancellationOf, waitOn } from "./abortable_promise.ts";
import { END, SourceInUse } from "./close_within.ts";
import type { Opened } from "./stream_source.ts";

/** What an abortable iterator iterates, and how. */
export interface Iterating<T> {
  /** Opens the source, when the first item is asked for. */
  readonly open: () => Opened<T>;
  /** Whose cancellation ends the loop, at the time of the call. */
  readonly waiter: () => Source | undefined;
  /** How long the source may take to end, in milliseconds. */
  readonly grace: number;
}

/** Gives the items of a source until its loop is cancelled. */
export class AbortableIterator<T> implements AsyncIterableIterator<T> {
  readonly #iterating: Iterating<T>;
  readonly #source: SourceInUse<T>;

  constructor(iterating: Iterating<T>) {
    this.#iterating = iterating;
    this.#source = new SourceInUse(iterating.open);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#source.over) return Promise.resolve(END);
    const waiter = this.#iterating.waiter();
    const record = recordOf(waiter);
    if (record !== undefined) {
      // It was cancelled before it was asked.
      const left = this.#leave(record.error).then(() =>
        atDoor(waiter!, record)
      );
      return quietIf(left, (error) => isCancellationOf(waiter, error));
    }
    let result: ReturnType<Opened<T>["next"]>;
    try {
      result = this.#source.opened.next();
    } catch (error) {
      this.#source.over = true;
      return Promise.reject(error);
    }
    return this.#wait(
      waiter,
      isThenable(result) ? result : Promise.resolve(result),
    );
  }

  /** The loop was left: the source is closed, unless it has ended. */
  async return(value?: unknown): Promise<IteratorResult<T>> {
    await this.#leave();
    return { done: true, value };
  }

  #leave(error?: Error, pending?: PromiseLike<unknown>): Promise<void> {
    return this.#source.leave(error, this.#iterating.grace, pending);
  }

  #wait(
    waiter: Source | undefined,
    pending: PromiseLike<IteratorResult<T>>,
  ): Promise<IteratorResult<T>> {
    const wait: Promise<IteratorResult<T>> = new Promise((resolve, reject) => {
      const fail = (error: unknown) => {
        reject(error);
        if (isCancellationOf(waiter, error)) quiet(wait);
      };
      waitOn(waiter, pending, {
        fulfilled: (value) => {
          const result = value as IteratorResult<T>;
          // What is no result is an error of whoever loops.
          if (result?.done) this.#source.end();
          resolve(result);
        },
        rejected: (error) => {
          this.#source.end();
          fail(error);
        },
        givenUp: ({ error }) =>
          void this.#leave(error, pending).then(() => fail(error), fail),
      });
    });
    return wait;
  }
}
