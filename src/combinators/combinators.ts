import type { TaskNode } from "../core/task_node.ts";
import type { TaskOutcome } from "../outcome.ts";
import type { TaskBody } from "../task/context.ts";
import type { Task } from "../task/task.ts";
import { type Competitor, competitors, Crew } from "./crew.ts";

export type { Competitor };

/** What a competitor results in. */
export type CompetitorResult<C> = C extends TaskBody<infer T> ? T
  : C extends Task<infer T> ? T
  : never;

function atLeastOne(list: readonly unknown[], what: string): void {
  if (list.length > 0) return;
  throw new TypeError(
    `Cannot use ${what}: expected at least one body or task, received none`,
  );
}

/** Throws the outer cancellation if it cut one of the crew short. */
function throwOuter<T>(crew: Crew<T>): void {
  if (crew.latest.cancelled && crew.cancellation !== undefined) {
    throw crew.cancellation;
  }
}

/** How a combinator comes to its result. */
interface Rules<T, R> {
  readonly what: string;
  /** Why those are cancelled that still run then. */
  readonly reason: string;
  /** Whether the result is that of this task, be it a value or an error. */
  decides(task: TaskNode<T>): boolean;
  /** The result if none of them decided. */
  otherwise(tasks: readonly TaskNode<T>[]): R;
}

async function decide<T, R>(
  list: readonly Competitor<T>[],
  { what, reason, decides, otherwise }: Rules<T, R>,
): Promise<T | R> {
  const crew = new Crew<T>(what);
  const tasks = list.map((item) => crew.add(item));
  try {
    while (await crew.another()) {
      throwOuter(crew);
      if (decides(crew.latest)) return crew.latest.result();
    }
    return otherwise(tasks);
  } finally {
    await crew.leave(reason);
  }
}

/**
 * Runs bodies at the same time and gives all their values, in order:
 * `Promise.all`, but when one fails the others are cancelled and joined before
 * it rejects.
 *
 * @example Nothing goes on behind your back
 * ```ts
 * import { all, sleep } from "@mdc/tasks";
 * import { assertEquals } from "@std/assert";
 *
 * const values = await all([
 *   () => sleep(2).then(() => "a"),
 *   () => sleep(1).then(() => "b"),
 * ]);
 * assertEquals(values, ["a", "b"]);
 * ```
 *
 * @typeParam C The bodies and tasks.
 * @param items Bodies to start as tasks, or running tasks.
 * @returns The values. Rejects with the first failure (or cancellation of a
 * task), and with the outer cancellation; what losers throw in their cleanup
 * is reported.
 * @throws {TypeError} If an item is neither a function nor a task.
 */
export function all<const C extends readonly Competitor<unknown>[]>(
  items: C,
): Promise<{ -readonly [K in keyof C]: CompetitorResult<C[K]> }>;
/**
 * As above, for any iterable.
 *
 * @typeParam T What each results in.
 * @param items Bodies to start as tasks, or running tasks.
 * @returns The values, in order.
 */
export function all<T>(items: Iterable<Competitor<T>>): Promise<T[]>;
export function all<T>(items: Iterable<Competitor<T>>): Promise<T[]> {
  const list = competitors(items, "all()");
  return decide(list, {
    what: "all()",
    reason: "another one failed",
    decides: (task) => task.status !== "completed",
    otherwise: (tasks) => tasks.map((task) => task.result()),
  }) as Promise<T[]>;
}

/**
 * Runs bodies at the same time and gives the first value; the others are
 * cancelled and joined before it returns: `Promise.any` without leftovers.
 *
 * @example The first that works
 * ```ts
 * import { any, sleep } from "@mdc/tasks";
 * import { assertEquals } from "@std/assert";
 *
 * const value = await any([
 *   () => Promise.reject(new Error("mirror down")),
 *   () => sleep(1).then(() => "mirror 2"),
 *   () => sleep(60_000).then(() => "mirror 3"),
 * ]);
 * assertEquals(value, "mirror 2");
 * ```
 *
 * @typeParam C The bodies and tasks.
 * @param items Bodies to start as tasks, or running tasks.
 * @returns The first value. Rejects with an `AggregateError` of all errors, in
 * order of the items, if none completes, and with the outer cancellation.
 * @throws {TypeError} If there is no item, or one is neither a function nor a
 * task.
 */
export function any<const C extends readonly Competitor<unknown>[]>(
  items: C,
): Promise<CompetitorResult<C[number]>>;
/**
 * As above, for any iterable.
 *
 * @typeParam T What each results in.
 * @param items Bodies to start as tasks, or running tasks.
 * @returns What the one that decides results in.
 */
export function any<T>(items: Iterable<Competitor<T>>): Promise<T>;
export function any<T>(items: Iterable<Competitor<T>>): Promise<T> {
  const list = competitors(items, "any()");
  atLeastOne(list, "any()");
  return decide(list, {
    what: "any()",
    reason: "another one was first",
    decides: (task) => task.status === "completed",
    otherwise(tasks) {
      const message = `None of ${tasks.length} completed`;
      throw new AggregateError(tasks.map((task) => task.thrown), message);
    },
  });
}

/**
 * Runs bodies at the same time and settles as the first one does; the others
 * are cancelled and joined before: `Promise.race` without leftovers.
 *
 * @example The loser is stopped
 * ```ts
 * import { race, sleep } from "@mdc/tasks";
 * import { assertEquals } from "@std/assert";
 *
 * const winner = await race([
 *   () => sleep(1).then(() => "hare"),
 *   () => sleep(60_000).then(() => "tortoise"),
 * ]);
 * assertEquals(winner, "hare");
 * ```
 *
 * @typeParam C The bodies and tasks.
 * @param items Bodies to start as tasks, or running tasks.
 * @returns The value of the first to end. Rejects with its error, and with
 * the outer cancellation.
 * @throws {TypeError} If there is no item, or one is neither a function nor a
 * task.
 */
export function race<const C extends readonly Competitor<unknown>[]>(
  items: C,
): Promise<CompetitorResult<C[number]>>;
/**
 * As above, for any iterable.
 *
 * @typeParam T What each results in.
 * @param items Bodies to start as tasks, or running tasks.
 * @returns What the one that decides results in.
 */
export function race<T>(items: Iterable<Competitor<T>>): Promise<T>;
export function race<T>(items: Iterable<Competitor<T>>): Promise<T> {
  const list = competitors(items, "race()");
  atLeastOne(list, "race()");
  return decide(list, {
    what: "race()",
    reason: "another one was first",
    decides: () => true,
    otherwise() {
      throw new Error("unreachable: a race has at least one competitor");
    },
  });
}

/**
 * Runs bodies at the same time and gives their values as they come. Leaving
 * the loop early cancels and joins the rest; so does the first failure, which
 * is thrown.
 *
 * @example In order of completion
 * ```ts
 * import { asCompleted, sleep } from "@mdc/tasks";
 * import { assertEquals } from "@std/assert";
 *
 * const seen: string[] = [];
 * for await (
 *   const value of asCompleted([
 *     () => sleep(5).then(() => "slow"),
 *     () => sleep(1).then(() => "fast"),
 *   ])
 * ) seen.push(value);
 * assertEquals(seen, ["fast", "slow"]);
 * ```
 *
 * @typeParam T What each results in.
 * @param items Bodies to start as tasks when the loop begins, or running
 * tasks.
 * @returns The values in order of completion.
 * @throws {TypeError} If an item is neither a function nor a task.
 */
export function asCompleted<T>(
  items: Iterable<Competitor<T>>,
): AsyncGenerator<T, void, void> {
  const list = competitors(items, "asCompleted()");
  return (async function* () {
    const crew = new Crew<T>("asCompleted()");
    for (const item of list) crew.add(item);
    try {
      while (await crew.another()) {
        throwOuter(crew);
        yield crew.latest.result();
      }
    } finally {
      await crew.leave("its loop has ended");
    }
  })();
}

/**
 * Runs bodies at the same time, waits for all, and tells how each ended, in
 * order: `Promise.allSettled` with outcomes that know cancellation.
 *
 * @example No failure stops the others
 * ```ts
 * import { allSettled } from "@mdc/tasks";
 * import { assertEquals } from "@std/assert";
 *
 * const outcomes = await allSettled([
 *   () => 1,
 *   () => Promise.reject(new Error("no")),
 * ]);
 * assertEquals(outcomes.map(({ status }) => status), ["completed", "failed"]);
 * ```
 *
 * @typeParam T What each results in.
 * @param items Bodies to start as tasks, or running tasks.
 * @returns How each ended. Rejects only with the outer cancellation, after all
 * have ended.
 * @throws {TypeError} If an item is neither a function nor a task.
 */
export function allSettled<T>(
  items: Iterable<Competitor<T>>,
): Promise<TaskOutcome<T>[]> {
  const list = competitors(items, "allSettled()");
  return (async () => {
    const crew = new Crew<T>("allSettled()");
    const tasks = list.map((item) => crew.add(item));
    let untold = true;
    try {
      while (await crew.another()) throwOuter(crew);
      untold = false;
      return tasks.map((task) => task.outcome());
    } finally {
      await crew.leave("all were cancelled", untold);
    }
  })();
}
