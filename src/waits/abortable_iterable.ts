import type { Cancellation } from "../core/cancellation.ts";
import { atDoor } from "../core/door.ts";
import { quiet, quietIf } from "../core/quiet.ts";
import { recordOf, type Source } from "../core/source.ts";
import { isThenable } from "../core/validate.ts";
import { isCancellationOf, waitOn } from "./abortable_promise.ts";
import { closeWithin } from "./close_within.ts";
import type { Opened } from "./stream_source.ts";

const END: IteratorReturnResult<undefined> = /* @__PURE__ */ Object.freeze({
  done: true,
  value: undefined,
});

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
  #opened: Opened<T> | undefined;
  #over = false;

  constructor(iterating: Iterating<T>) {
    this.#iterating = iterating;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#over) return Promise.resolve(END);
    const waiter = this.#iterating.waiter();
    const record = recordOf(waiter);
    if (record !== undefined) return this.#cutShort(waiter!, record);
    let result: ReturnType<Opened<T>["next"]>;
    try {
      result = this.#open().next();
    } catch (error) {
      this.#over = true;
      return Promise.reject(error);
    }
    return this.#wait(
      waiter,
      isThenable(result) ? result : Promise.resolve(result),
    );
  }

  /** The loop was left: the source is closed, unless it has ended. */
  async return(value?: unknown): Promise<IteratorResult<T>> {
    if (!this.#over) await this.#leave(undefined, undefined);
    return { done: true, value };
  }

  #open(): Opened<T> {
    return this.#opened ??= this.#iterating.open();
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
          if (result?.done) this.#end();
          resolve(result);
        },
        rejected: (error) => {
          this.#end();
          fail(error);
        },
        givenUp: ({ error }) =>
          void this.#leave(error, pending).then(() => fail(error), fail),
      });
    });
    return wait;
  }

  /** It has ended by itself, or failed: it is neither asked nor closed. */
  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#opened?.ended();
  }

  /** It was cancelled before it was asked. */
  #cutShort(waiter: Source, record: Cancellation): Promise<never> {
    const left = this.#leave(record.error, undefined)
      .then(() => atDoor(waiter, record));
    return quietIf(left, (error) => isCancellationOf(waiter, error));
  }

  async #leave(
    error: Error | undefined,
    pending: PromiseLike<unknown> | undefined,
  ): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    let opened: Opened<T>;
    try {
      opened = this.#open();
    } catch {
      // A stream that somebody else reads is theirs to end.
      return;
    }
    const { grace } = this.#iterating;
    await closeWithin(opened, { error, pending, grace });
  }
}
