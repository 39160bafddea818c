import { reportError } from "../core/failures.ts";
import { callable, optionsObject, unexpected } from "../core/validate.ts";
import type { CancelOrigin } from "../reason.ts";
import type { TaskContext } from "../task/context.ts";
import { Crew } from "./crew.ts";

/** Options of {@linkcode map}. */
export interface MapOptions {
  /**
   * How many items are worked on at the same time: a whole number from 1 on.
   * Default: `Infinity`.
   */
  concurrency?: number | undefined;
}

function limit(concurrency: unknown): number {
  if (typeof concurrency !== "number") {
    throw unexpected("use concurrency", "a number", concurrency);
  }
  if (
    concurrency >= 1 &&
    (concurrency === Infinity || Number.isInteger(concurrency))
  ) return concurrency;
  throw unexpected(
    "use concurrency",
    "a whole number from 1 on",
    concurrency,
    RangeError,
  );
}

/** Gives the items one by one, however many ask at the same time. */
interface Feed<I> {
  next(): IteratorResult<I> | PromiseLike<IteratorResult<I>>;
  close(): void | PromiseLike<unknown>;
}

function feedOf<I>(items: Iterable<I> | AsyncIterable<I>): Feed<I> {
  const source = items as Partial<Iterable<I> & AsyncIterable<I>>;
  if (source?.[Symbol.asyncIterator] !== undefined) {
    const iterator = source[Symbol.asyncIterator]!();
    let turn: Promise<unknown> = Promise.resolve();
    let done = false;
    const pull = async (): Promise<IteratorResult<I>> => {
      if (done) return { done: true, value: undefined };
      // A source that throws has ended: it is neither asked again nor closed.
      done = true;
      const result = await iterator.next();
      done = result.done === true;
      return result;
    };
    return {
      next() {
        const result = turn.then(pull, pull);
        turn = result;
        return result;
      },
      close: async () => done ? undefined : await iterator.return?.(),
    };
  }
  if (source?.[Symbol.iterator] !== undefined) {
    const iterator = source[Symbol.iterator]!();
    let done = false;
    return {
      next() {
        if (done) return { done: true, value: undefined };
        done = true;
        const result = iterator.next();
        done = result.done === true;
        return result;
      },
      close: () => void (done ? undefined : iterator.return?.()),
    };
  }
  throw unexpected("map", "an iterable or async iterable", items);
}

/**
 * Calls `body` for each item, a limited number at the same time, and gives the
 * results in the order of the items.
 *
 * - An item is taken from the source only when there is room for it, from
 *   async sources too. A source is waited for as a body is; so a source that
 *   waits should listen to cancellation, as the waits of this library do.
 * - The first failure cancels and joins the others, closes the source, and is
 *   thrown. So does cancellation from outside.
 *
 * @example Four at a time
 * ```ts
 * import { map, sleep } from "@mdc/tasks";
 * import { assertEquals } from "@std/assert";
 *
 * const squares = await map([1, 2, 3], async (n) => {
 *   await sleep(3 - n);
 *   return n * n;
 * }, { concurrency: 4 });
 * assertEquals(squares, [1, 4, 9]);
 * ```
 *
 * @typeParam I The items.
 * @typeParam O The results.
 * @param items Where the items come from.
 * @param body The work on one item; it gets the item, a context to wait with,
 * and the item's index. The context belongs to one of the workers.
 * @param options How many at the same time.
 * @returns The results, in the order of the items. Rejects with the first
 * failure, and with the outer cancellation.
 * @throws {TypeError} If `items` can't be iterated, `body` is no function, or
 * an option has the wrong type.
 * @throws {RangeError} If `concurrency` is no whole number from 1 on.
 */
export function map<I, O>(
  items: Iterable<I> | AsyncIterable<I>,
  body: (item: I, context: TaskContext, index: number) => O | PromiseLike<O>,
  options: MapOptions = {},
): Promise<O[]> {
  callable(body, "the body of map()");
  optionsObject(options, "map()");
  const most = limit(options.concurrency ?? Infinity);
  const feed = feedOf(items);
  return carryOut(feed, body, most);
}

async function carryOut<I, O>(
  feed: Feed<I>,
  body: (item: I, context: TaskContext, index: number) => O | PromiseLike<O>,
  most: number,
): Promise<O[]> {
  const results: O[] = [];
  const crew = new Crew<void>("map()");
  let taken = 0;
  let stopped = false;
  let workers = 0;
  let failure: { error: unknown; task: CancelOrigin } | undefined;

  const work = async (context: TaskContext): Promise<void> => {
    try {
      while (!stopped) {
        const pulled = feed.next();
        const { done, value } = "then" in pulled ? await pulled : pulled;
        if (done) {
          stopped = true;
          return;
        }
        if (stopped) return;
        const index = taken++;
        if (workers < most) hire();
        results[index] = await body(value, context, index);
        if (crew.cancellation !== undefined) throw crew.cancellation;
      }
    } catch (error) {
      stopped = true;
      throw error;
    }
  };
  // Reports name a worker after what it does.
  Object.defineProperty(work, "name", { value: body.name || "map()" });

  // A worker hires the next before it goes on; a loop instead of recursion
  // keeps the stack flat, however many there are.
  let hiring = false;
  let wanted = false;
  const hire = () => {
    wanted = true;
    if (hiring) return;
    hiring = true;
    while (wanted) {
      wanted = false;
      workers++;
      crew.add(work);
    }
    hiring = false;
  };

  hire();
  while (await crew.another()) {
    const task = crew.latest;
    if (task.status === "completed") continue;
    const { cancelled, thrown } = task;
    const error = cancelled ? crew.cancellation ?? thrown : thrown;
    failure = { error, task };
    break;
  }
  stopped = true;
  await crew.leave("another item failed");
  try {
    await feed.close();
  } catch (error) {
    if (failure === undefined) throw error;
    reportError(failure.task, error);
  }
  if (failure !== undefined) throw failure.error;
  return results;
}
