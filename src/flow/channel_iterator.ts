import type { WaitOptions } from "../../mod.ts";
import type { ChannelState } from "./channel_state.ts";
import { refusal, settled, Waiter } from "./line.ts";
import { handled } from "./quiet.ts";

/** One who iterates a channel: an end without an error is no failure. */
class Reader<T> extends Waiter<T> {
  readonly #state: ChannelState<T>;
  ended = false;

  constructor(state: ChannelState<T>) {
    super();
    this.#state = state;
  }
  /** There is nothing more for it, unless it has an item already. */
  end(): void {
    if (this.given) return;
    this.ended = true;
    this.give(undefined as T);
  }
  override refuse(error: Error): void {
    if (this.#state.closed?.error === undefined) this.end();
    else super.refuse(error);
  }
}

/** The items of a channel for one loop. */
export class ChannelIterator<T> implements AsyncIterableIterator<T> {
  readonly #state: ChannelState<T>;
  readonly #options: WaitOptions | undefined;
  /** Who waits for an item, so that to leave the loop takes them along. */
  readonly #readers = new Set<Reader<T>>();
  #left = false;

  constructor(state: ChannelState<T>, options: WaitOptions | undefined) {
    this.#state = state;
    this.#options = options;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T>> {
    const state = this.#state;
    if (this.#left) return Promise.resolve({ done: true, value: undefined });
    const refused = refusal(this.#options);
    if (refused !== undefined) return refused;
    if (state.ready) {
      return Promise.resolve({ done: false, value: state.take() });
    }
    if (state.closed === undefined) return this.#wait();
    return state.closed.error === undefined
      ? Promise.resolve({ done: true, value: undefined })
      : Promise.reject(state.closed.error);
  }

  /** The loop is left: an item that comes later is not taken. */
  return(value?: unknown): Promise<IteratorResult<T>> {
    this.#left = true;
    for (const reader of this.#readers) reader.end();
    return Promise.resolve({ done: true, value });
  }

  #wait(): Promise<IteratorResult<T>> {
    const state = this.#state;
    const reader = new Reader<T>(state);
    this.#readers.add(reader);
    state.receivers.add(reader);
    const promise: Promise<IteratorResult<T>> = settled(
      reader,
      this.#options,
    ).then((value): IteratorResult<T> => {
      this.#readers.delete(reader);
      return reader.ended
        ? { done: true, value: undefined }
        : { done: false, value };
    }, (error) => {
      this.#readers.delete(reader);
      if (!reader.given) handled(promise);
      throw error;
    });
    return promise;
  }
}
