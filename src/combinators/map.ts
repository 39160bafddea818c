import { currentNode, enter, followsAwait } from "../core/current.ts";
import { reportError } from "../core/failures.ts";
import { sourceOption } from "../core/hang.ts";
import { optionsOf } from "../core/options.ts";
import { quietIf } from "../core/quiet.ts";
import type { CancelSource } from "../core/source.ts";
import type { TaskNode } from "../core/task_node.ts";
import { callable, ofType, time, unexpected } from "../core/validate.ts";
import type { CancelOrigin } from "../reason.ts";
import type { TaskContext } from "../task/context.ts";
import { GRACE } from "../waits/close_within.ts";
import { Crew } from "./crew.ts";
import { type Feed, feedOf, type MapSource } from "./feed.ts";

export type { MapSource };

/**
 * Options of {@linkcode map}.
 *
 * @typeParam I The items.
 */
export interface MapOptions<I = unknown> {
  /**
   * How many items are worked on at the same time: a whole number from 1 on.
   * Default: `Infinity`.
   */
  concurrency?: number | undefined;
  /**
   * The name of the task that works on an item, as reports and `allTasks()`
   * show it. Default: the name of `body`.
   */
  name?: ((item: I, index: number) => string) | undefined;
  /**
   * One more source whose cancellation ends it. Where the current task isn't
   * known, it is what the workers belong to; `null` says that there is none.
   */
  signal?: CancelSource | null | undefined;
  /**
   * How long it waits, in milliseconds, until an async source or a stream that
   * it leaves early has ended. Default: 1000.
   */
  grace?: number | undefined;
}

/** The work on one item. */
type ItemBody<I, O> = (
  item: I,
  context: TaskContext,
  index: number,
) => O | PromiseLike<O>;

/** The work on one item, in the task that does it. */
type ItemWork<I, O> = (
  task: TaskNode<unknown>,
  ...args: Parameters<ItemBody<I, O>>
) => O | PromiseLike<O>;

/** How the items are worked on. */
interface Plan<I, O> {
  readonly feed: Feed<I>;
  readonly body: ItemBody<I, O>;
  readonly most: number;
  readonly name: MapOptions<I>["name"];
  readonly grace: number;
}

function limit(concurrency: unknown): number {
  ofType(concurrency, "number", "use concurrency", "a number");
  const most = concurrency as number;
  if (most >= 1 && (most === Infinity || Number.isInteger(most))) return most;
  throw unexpected(
    "use concurrency",
    "a whole number from 1 on",
    concurrency,
    RangeError,
  );
}

/**
 * Calls `body` for each item, a limited number at the same time, and gives the
 * results in the order of the items.
 *
 * - An item is taken from the source only when there is room for it, from
 *   async sources and streams too.
 * - The first failure cancels and joins the others, closes the source, and is
 *   thrown. So does cancellation from outside, also while the source hangs
 *   (see {@linkcode abortable}, which closes a source in the same way).
 *
 * @example
 * Four at a time
 * ```ts
 * import { map, sleep } from "@mdc/tasks";
 *
 * const squares = await map([1, 2, 3], async (n) => {
 *   await sleep(3 - n);
 *   return n * n;
 * }, { concurrency: 4 });
 * console.log(squares); // [1, 4, 9]
 * ```
 *
 * @example
 * Who works on what
 * ```ts
 * import { currentTask, map } from "@mdc/tasks";
 *
 * const names = await map(["a", "b"], () => currentTask()?.name, {
 *   name: (path) => `upload ${path}`,
 * });
 * console.log(names); // ["upload a", "upload b"]
 * ```
 *
 * @typeParam I The items.
 * @typeParam O The results.
 * @param items Where the items come from. A text is no list of items.
 * @param body The work on one item; it gets the item, a context to wait with,
 * and the item's index. The context belongs to one of the workers.
 * @param options How many at the same time, what they are called, and what
 * ends them.
 * @returns The results, in the order of the items. Rejects with the first
 * failure, and with the outer cancellation.
 * @throws {TypeError} If `items` can't be iterated, `body` is no function, or
 * an option is unknown or of the wrong type.
 * @throws {RangeError} If `concurrency` is no whole number from 1 on, or
 * `grace` is `NaN` or negative.
 */
export function map<I, O>(
  items: MapSource<I>,
  body: (item: I, context: TaskContext, index: number) => O | PromiseLike<O>,
  options?: MapOptions<I>,
): Promise<O[]> {
  callable(body, "the body of map()");
  const { concurrency, name, signal, grace = GRACE } = optionsOf<MapOptions<I>>(
    options,
    "map()",
    ["concurrency", "name", "signal", "grace"],
  );
  const most = limit(concurrency ?? Infinity);
  if (name !== undefined) callable(name, "the name of map()");
  time(grace, "the grace of map()");
  const source = sourceOption(signal, "map()");
  const feed = feedOf(items);
  const crew = new Crew<void>("map()", source);
  return quietIf(
    carryOut(crew, { feed, body, most, name, grace }),
    (error) => error === crew.cancellation,
  );
}

/**
 * How the body is called: where the runtime can't follow `await`, its
 * synchronous part has to be told in which task it runs.
 */
function itemWork<I, O>({ body, name }: Plan<I, O>): ItemWork<I, O> {
  const plain: ItemWork<I, O> = followsAwait()
    ? (_, item, context, index) => body(item, context, index)
    : (task, ...args) => enter(task, body, ...args);
  if (name === undefined) return plain;
  return async (task, item, context, index) => {
    const own = task.name;
    const text: unknown = name(item, index);
    if (typeof text !== "string") {
      throw unexpected("use the name of map()", "a string", text);
    }
    task.given = text;
    const result = await plain(task, item, context, index);
    task.given = own;
    return result;
  };
}

async function carryOut<I, O>(
  crew: Crew<void>,
  plan: Plan<I, O>,
): Promise<O[]> {
  const { feed, body, most, grace } = plan;
  const workOn = itemWork(plan);
  const results: O[] = [];
  let taken = 0;
  let stopped = false;
  let workers = 0;
  let failure: { error: unknown; task: CancelOrigin } | undefined;

  const work = async (context: TaskContext): Promise<void> => {
    const task = currentNode() as TaskNode<unknown>;
    const taker = feed.takerFor(task);
    try {
      while (!stopped) {
        const pulled = taker.next();
        const { done, value } = "then" in pulled ? await pulled : pulled;
        if (done) {
          stopped = true;
          return;
        }
        if (stopped) return;
        const index = taken++;
        if (workers < most) hire();
        results[index] = await workOn(task, value, context, index);
        if (crew.cancellation !== undefined) {
          throw crew.cancellation;
        }
      }
    } catch (error) {
      stopped = true;
      throw error;
    } finally {
      taker.leave();
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
    await feed.close(failure?.error, grace);
  } catch (error) {
    if (failure === undefined) throw error;
    reportError(failure.task, error);
  }
  if (failure !== undefined) throw failure.error;
  return results;
}
