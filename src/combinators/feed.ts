import type { Cancellation } from "../core/cancellation.ts";
import { enter, followsAwait } from "../core/current.ts";
import { rememberCheckpoint } from "../core/diagnostics.ts";
import { atDoor } from "../core/door.ts";
import { type CancelNode, listen, Listener, unlisten } from "../core/node.ts";
import { nothing } from "../core/quiet.ts";
import { looksAborted } from "../core/shapes.ts";
import { recordOf } from "../core/source.ts";
import { afterTick } from "../core/tick.ts";
import { unexpected } from "../core/validate.ts";
import { END, SourceInUse } from "../waits/close_within.ts";
import { openerOf } from "../waits/stream_source.ts";

/** Where the items of `map()` come from. */
export type MapSource<I> =
  | Iterable<I>
  | AsyncIterable<I>
  | ReadableStream<I>;

/** Where one worker takes items. */
export interface Taker<I> {
  /** The next item; the cancellation of the worker ends the wait for it. */
  next(): IteratorResult<I> | Promise<IteratorResult<I>>;
  /** The worker takes no more. */
  leave(): void;
}

/** Gives the items one by one, however many ask at the same time. */
export interface Feed<I> {
  /** Lets a worker take items. */
  takerFor(worker: CancelNode): Taker<I>;
  /** Ends the source unless it has ended, and waits for that for a while. */
  close(error: unknown, grace: number): void | Promise<void>;
}

/** A worker that takes from a source that may hang; one listener serves it. */
class AsyncTaker<I> extends Listener implements Taker<I> {
  readonly #feed: AsyncFeed<I>;
  readonly #worker: CancelNode;
  /** Ends the wait that is under way. */
  #giveUp: ((error: unknown) => void) | undefined;

  constructor(feed: AsyncFeed<I>, worker: CancelNode) {
    super();
    this.#feed = feed;
    this.#worker = worker;
    if (recordOf(worker) === undefined) listen(worker, this);
  }

  next(): Promise<IteratorResult<I>> {
    const worker = this.#worker;
    const record = recordOf(worker);
    if (record !== undefined) return atDoor(worker, record);
    rememberCheckpoint(worker, "the next item of map()");
    const result = this.#feed.take(worker);
    return new Promise((resolve, reject) => {
      this.#giveUp = reject;
      result.then((item) => {
        this.#giveUp = undefined;
        resolve(item);
      }, (error) => {
        if (this.#giveUp === undefined) return;
        this.#giveUp = undefined;
        this.#feed.told();
        reject(error);
      });
    });
  }

  leave(): void {
    unlisten(this);
  }

  override cancelled({ error }: Cancellation): void {
    // An item that is ready in this tick is taken.
    afterTick(() => {
      this.#giveUp?.(error);
      this.#giveUp = undefined;
    });
  }
}

/** A source that is asked for one item after the other. */
class AsyncFeed<I> implements Feed<I> {
  readonly #source: SourceInUse<I>;
  #turn: Promise<unknown> = Promise.resolve();
  /** The request that is under way. */
  #pending: PromiseLike<unknown> | undefined;
  /** What it threw when nobody waited any longer. */
  #untold: { readonly error: unknown } | undefined;

  constructor(source: SourceInUse<I>) {
    this.#source = source;
  }

  takerFor(worker: CancelNode): Taker<I> {
    return new AsyncTaker(this, worker);
  }

  /** Asks the source, after those who asked before, in the worker's name. */
  take(worker: CancelNode): Promise<IteratorResult<I>> {
    const pull = () => this.#pull(worker);
    const result = this.#turn.then(pull, pull);
    this.#turn = result;
    return result;
  }

  /** Somebody knows what the source threw. */
  told(): void {
    this.#untold = undefined;
  }

  async close(error: unknown, grace: number): Promise<void> {
    if (this.#untold !== undefined) throw this.#untold.error;
    await this.#source.leave(error, grace, this.#pending);
  }

  async #pull(worker: CancelNode): Promise<IteratorResult<I>> {
    const source = this.#source;
    if (source.over) return END;
    try {
      const next = () => source.opened.next();
      const pending = followsAwait() ? next() : enter(worker, next);
      this.#pending = pending as PromiseLike<unknown>;
      const result = await pending;
      if (result.done) source.end();
      return result;
    } catch (error) {
      if (!source.over && !looksAborted(error)) this.#untold = { error };
      source.end();
      throw error;
    } finally {
      this.#pending = undefined;
    }
  }
}

function syncFeed<I>(iterator: Iterator<I>): Feed<I> {
  let over = false;
  const next = (): IteratorResult<I> => {
    if (over) return END;
    over = true;
    const result = iterator.next();
    over = result.done === true;
    return result;
  };
  return {
    takerFor: (worker) => ({
      next: followsAwait() ? next : () => enter(worker, next),
      leave: nothing,
    }),
    close: () => void (over ? undefined : iterator.return?.()),
  };
}

/** Opens where the items come from, or throws a TypeError. */
export function feedOf<I>(items: MapSource<I>): Feed<I> {
  const open = openerOf<I>(items);
  if (open !== undefined) {
    const source = new SourceInUse(open);
    // At once: what can't be opened is refused at the call.
    void source.opened;
    return new AsyncFeed(source);
  }
  const source = items as Iterable<I> | undefined | null;
  if (typeof source === "object" && source?.[Symbol.iterator] !== undefined) {
    return syncFeed(source[Symbol.iterator]());
  }
  const error = unexpected(
    "map",
    "items in an iterable, async iterable or stream",
    items,
  );
  if (typeof items === "string") {
    error.message += "; [...text] gives its characters";
  }
  throw error;
}
