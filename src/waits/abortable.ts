import { currentNode } from "../core/current.ts";
import { optionsOf } from "../core/options.ts";
import type { Source } from "../core/source.ts";
import { isThenable, time, unexpected } from "../core/validate.ts";
import { givenOrCaller, type WaitOptions } from "../core/waiter.ts";
import { AbortableIterator } from "./abortable_iterable.ts";
import { abortablePromise } from "./abortable_promise.ts";
import { GRACE } from "./close_within.ts";
import { openerOf } from "./stream_source.ts";

/** How long a source may take to end when its loop is left. */
export interface GraceOptions {
  /**
   * How long the loop waits, in milliseconds, until its source has cleaned up.
   * Default: 1000. `Infinity` waits for it in any case.
   */
  grace?: number | undefined;
}

/** Options of {@linkcode abortable} for async iterables and streams. */
export interface AbortableOptions extends WaitOptions, GraceOptions {}

/** What `abortable()` iterates: an async iterable, or a stream. */
export type AbortableSource<T> = AsyncIterable<T> | ReadableStream<T>;

/** What `abortable` of a context is, and this library's. */
interface Given {
  readonly value: unknown;
  /** Whose cancellation ends a wait that begins now. */
  readonly waiter: () => Source | undefined;
  readonly grace: number | undefined;
}

function abortableOf({ value, waiter, grace = GRACE }: Given): unknown {
  time(grace, "the grace of abortable()");
  if (isThenable(value)) return abortablePromise(waiter(), value);
  const open = openerOf<unknown>(value);
  if (open !== undefined) return new AbortableIterator({ open, waiter, grace });
  throw unexpected(
    "use abortable()",
    "a promise, an async iterable or a stream",
    value,
  );
}

/** What `abortable` of a context can do; see {@linkcode abortable}. */
export interface ContextAbortable {
  /**
   * Waits for a promise, or until the task is cancelled.
   *
   * @typeParam T What the promise resolves to.
   * @param promise What to wait for.
   * @returns A promise that settles like `promise`, or rejects with the
   * cancellation.
   * @throws {TypeError} If `promise` is none of what can be waited for.
   */
  <T>(promise: PromiseLike<T>): Promise<T>;
  /**
   * Iterates an async iterable or a stream until the task is cancelled.
   *
   * @typeParam T The items.
   * @param source What to iterate.
   * @param options How long the source may take to end.
   * @returns An iterator for one `for await` loop.
   * @throws {TypeError} If `source` can't be iterated, or an option is wrong.
   */
  <T>(
    source: AbortableSource<T>,
    options?: GraceOptions,
  ): AsyncIterableIterator<T>;
}

/** `abortable` for whoever `waiter` gives when a wait begins. */
export function abortableBy(
  waiter: () => Source | undefined,
): ContextAbortable {
  return ((value: unknown, options?: GraceOptions) => {
    const { grace } = optionsOf<GraceOptions>(options, "abortable()", [
      "grace",
    ]);
    return abortableOf({ value, waiter, grace });
  }) as ContextAbortable;
}

/**
 * Waits for a promise that knows nothing of cancellation, and stops waiting
 * when cancelled. The work behind the promise goes on; nobody waits for it.
 *
 * - A value that is ready in the tick of the cancellation is delivered. Later,
 *   whatever becomes of the promise is ignored.
 * - A task that is waited for and given up still has its owner, who reports a
 *   failure that nobody looked at.
 * - What was given up leaves nothing on the promise.
 *
 * @example
 * Not waiting any longer
 * ```ts
 * import { abortable } from "@mdc/tasks";
 *
 * const never = new Promise(() => {});
 * const controller = new AbortController();
 * const wait = abortable(never, { signal: controller.signal });
 * controller.abort(new Error("enough"));
 * const error = await wait.catch(String);
 * console.log(error); // "Error: enough"
 * ```
 *
 * @typeParam T What the promise resolves to.
 * @param promise What to wait for. What is a promise and can be iterated as
 * well is taken for a promise.
 * @param options Whose cancellation ends the wait.
 * @returns A promise that settles like `promise`, or rejects with the
 * cancellation of the signal (or of the current task).
 * @throws {TypeError} If `promise` is none of what can be waited for, or an
 * option is unknown or of the wrong type.
 */
export function abortable<T>(
  promise: PromiseLike<T>,
  options?: WaitOptions,
): Promise<T>;
/**
 * Iterates an async iterable or a stream that knows nothing of cancellation,
 * and throws the cancellation into the loop when it comes, also while the
 * source hangs.
 *
 * - Whichever way the loop is left, the source is closed once, unless it has
 *   ended: `cancel()` of a web stream and `destroy()` of an emitter stream are
 *   called at once, with the cancellation; an iterator is asked by `return()`.
 * - The loop ends when the source has cleaned up, at the latest after `grace`:
 *   a generator that hangs can't hear. A failure of the cleanup within that
 *   time goes before the cancellation.
 * - Without `signal` each step listens to the innermost scope in which it is
 *   made.
 *
 * @example
 * A feed that hangs
 * ```ts
 * import { abortable, moveOnAfter } from "@mdc/tasks";
 *
 * const feed = new ReadableStream<string>({
 *   start: (controller) => controller.enqueue("first"),
 * });
 * const seen: string[] = [];
 * await moveOnAfter(5, async () => {
 *   for await (const item of abortable(feed)) seen.push(item);
 * });
 * console.log(seen); // ["first"]
 * ```
 *
 * @typeParam T The items.
 * @param source What to iterate.
 * @param options Whose cancellation ends the loop, and how long the source
 * may take to end.
 * @returns An iterator for one `for await` loop. It rejects with the
 * cancellation of the signal (or of the current task).
 * @throws {TypeError} If `source` can't be iterated, or an option is unknown
 * or of the wrong type.
 * @throws {RangeError} If `grace` is `NaN` or negative.
 */
export function abortable<T>(
  source: AbortableSource<T>,
  options?: AbortableOptions,
): AsyncIterableIterator<T>;
export function abortable(
  value: unknown,
  options?: AbortableOptions,
): unknown {
  const { signal, grace } = optionsOf<AbortableOptions>(
    options,
    "abortable()",
    ["signal", "grace"],
  );
  const source = givenOrCaller(signal, "abortable()");
  const waiter = signal === undefined
    ? () => currentNode() ?? source
    : () => source;
  return abortableOf({ value, waiter, grace });
}
