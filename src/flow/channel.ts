import type { WaitOptions } from "../../mod.ts";
import { count, optionsOf, unexpected } from "./arguments.ts";
import { ChannelIterator } from "./channel_iterator.ts";
import { ChannelState, Sender } from "./channel_state.ts";
import { join, refusal, Waiter } from "./line.ts";

/** Options of `new Channel()`. */
export interface ChannelOptions {
  /**
   * How many items it keeps until somebody takes them. With 0, the default,
   * each is handed over: who sends waits for who receives. `Infinity` never
   * lets a sender wait.
   */
  capacity?: number | undefined;
}

/** Internal: an item that a `select()` is to send, made by `sending()`. */
export interface Sending {
  /** Internal: where to. */
  readonly "~state": object;
  /** Internal: what. */
  readonly "~item": unknown;
}

/**
 * A queue with an end, between any number of senders and receivers: asyncio's
 * `Queue`, trio's memory channel.
 *
 * - Items arrive in the order in which they were sent; who waits longest comes
 *   next.
 * - `send()` waits while there is no room. When it has resolved, the item was
 *   accepted; when it has rejected, it was not.
 * - Who is cancelled leaves at once. An item that was handed over in the tick
 *   of the cancellation is delivered: no item gets lost.
 * - `close()` ends it: items that were accepted can still be received, senders
 *   that wait are refused. Loops over it end; with an error, they throw it.
 *
 * @example
 * A producer that is as fast as its consumers
 * ```ts
 * import { TaskGroup } from "@mdc/tasks";
 * import { Channel } from "@mdc/tasks/flow";
 * import { assertEquals } from "@std/assert";
 *
 * const jobs = new Channel<number>({ capacity: 2 });
 * let sum = 0;
 * await TaskGroup.run((group) => {
 *   for (let i = 0; i < 3; i++) {
 *     group.spawn(async () => {
 *       for await (const job of jobs) sum += job;
 *     });
 *   }
 *   group.spawn(async () => {
 *     for (let job = 1; job <= 10; job++) await jobs.send(job);
 *     jobs.close();
 *   });
 * });
 * assertEquals(sum, 55);
 * ```
 *
 * @typeParam T The items.
 */
export class Channel<T> {
  readonly #state: ChannelState<T>;

  /**
   * Makes an open channel without items.
   *
   * @param options How many items it keeps.
   * @throws {TypeError} If an option is unknown or of the wrong type.
   * @throws {RangeError} If `capacity` is no whole number from 0 on.
   */
  constructor(options?: ChannelOptions) {
    const { capacity = 0 } = optionsOf<ChannelOptions>(options, "Channel", [
      "capacity",
    ]);
    count(capacity, "capacity", { least: 0, endless: true });
    this.#state = new ChannelState(capacity);
  }

  /** Internal: for `select()`. */
  get "~state"(): object {
    return this.#state;
  }
  /** How many items it keeps until somebody takes them. */
  get capacity(): number {
    return this.#state.capacity;
  }
  /** How many items are kept. */
  get length(): number {
    return this.#state.items.length;
  }
  /** Whether it was closed. There may be items left to receive. */
  get closed(): boolean {
    return this.#state.closed !== undefined;
  }
  /** How many wait until their item is accepted. */
  get waitingSenders(): number {
    return this.#state.senders.length;
  }
  /** How many wait for an item. */
  get waitingReceivers(): number {
    return this.#state.receivers.length;
  }

  /**
   * Sends an item; waits until there is room for it, or with a capacity of 0
   * until somebody takes it.
   *
   * @param item The item.
   * @param options Whose cancellation ends the wait.
   * @returns A promise that resolves when the item was accepted. It rejects
   * with a `ChannelClosedError` if the channel is closed, or gets closed, and
   * with the cancellation of the signal (or of the current task).
   * @throws {TypeError} If an option is unknown or of the wrong type.
   */
  send(item: T, options?: WaitOptions): Promise<void> {
    const waiting = waitOptions(options, "channel.send()");
    const state = this.#state;
    const refused = refusal(waiting);
    if (refused !== undefined) return refused;
    if (state.closed !== undefined) return Promise.reject(state.sendError());
    if (state.offer(item)) return Promise.resolve();
    return join(state.senders, new Sender(item), waiting);
  }

  /**
   * Sends an item if that needs no waiting.
   *
   * @param item The item.
   * @returns Whether it was accepted: `false` if there is no room, or the
   * channel is closed.
   */
  trySend(item: T): boolean {
    return this.#state.closed === undefined && this.#state.offer(item);
  }

  /**
   * Waits for the next item.
   *
   * @param options Whose cancellation ends the wait.
   * @returns A promise for the item. When the channel is closed and all items
   * are taken, it rejects with the error the channel was closed with, or else
   * with a `ChannelClosedError`; and with the cancellation of the signal (or of
   * the current task).
   * @throws {TypeError} If an option is unknown or of the wrong type.
   */
  receive(options?: WaitOptions): Promise<T> {
    const waiting = waitOptions(options, "channel.receive()");
    const state = this.#state;
    const refused = refusal(waiting);
    if (refused !== undefined) return refused;
    if (state.ready) return Promise.resolve(state.take());
    if (state.closed !== undefined) return Promise.reject(state.receiveError());
    return join(state.receivers, new Waiter<T>(), waiting);
  }

  /**
   * Takes the next item if there is one.
   *
   * @returns The item as `value`, or `undefined`.
   */
  tryReceive(): { readonly value: T } | undefined {
    return this.#state.ready ? { value: this.#state.take() } : undefined;
  }

  /**
   * Ends the channel. Senders that wait are refused, items that were accepted
   * stay until they are taken. To close it again does nothing.
   *
   * @example
   * A source that fails
   * ```ts
   * import { Channel } from "@mdc/tasks/flow";
   * import { assertEquals, assertRejects } from "@std/assert";
   *
   * const lines = new Channel<string>({ capacity: 1 });
   * await lines.send("first");
   * lines.close(new Error("connection lost"));
   * assertEquals(await lines.receive(), "first");
   * await assertRejects(() => lines.receive(), Error, "connection lost");
   * ```
   *
   * @param error What receivers get when all items are taken. Default: loops
   * end, and `receive()` rejects with a `ChannelClosedError`.
   * @throws {TypeError} If it is no `Error`.
   */
  close(error?: Error): void {
    if (error !== undefined && !(error instanceof Error)) {
      throw unexpected("the error of channel.close()", "an Error", error);
    }
    this.#state.close(error);
  }

  /** Closes it, for `using`. */
  [Symbol.dispose](): void {
    this.#state.close(undefined);
  }

  /**
   * An item for `select()` to send, if nothing else comes first.
   *
   * @param item The item.
   */
  sending(item: T): Sending {
    return { "~state": this.#state, "~item": item };
  }

  /**
   * The items, until the channel is closed and empty. Several loops share them:
   * each item goes to one. To leave a loop doesn't close the channel.
   *
   * @param options Whose cancellation ends the loop; by default each step
   * listens to the innermost scope in which it is made.
   * @returns An iterator for one loop.
   * @throws {TypeError} If an option is unknown or of the wrong type.
   */
  values(options?: WaitOptions): AsyncIterableIterator<T> {
    const waiting = waitOptions(options, "channel.values()");
    return new ChannelIterator(this.#state, waiting);
  }

  /** The same as `values()`. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return new ChannelIterator(this.#state, undefined);
  }
}

function waitOptions(
  options: WaitOptions | undefined,
  what: string,
): WaitOptions | undefined {
  if (options === undefined) return undefined;
  return { signal: optionsOf<WaitOptions>(options, what, ["signal"]).signal };
}
