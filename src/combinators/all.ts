import {
  type CombineOptions,
  type Competitor,
  type CompetitorRecord,
  type CompetitorResult,
  inShape,
  namedCompetitors,
} from "./competitors.ts";
import { decide } from "./decide.ts";

/**
 * Runs bodies at the same time and gives all their values, in order:
 * `Promise.all`, but when one fails the others are cancelled and joined before
 * it rejects.
 *
 * @example
 * Nothing goes on behind your back
 * ```ts
 * import { all, sleep } from "@mdc/tasks";
 *
 * const values = await all([
 *   () => sleep(2).then(() => "a"),
 *   () => sleep(1).then(() => "b"),
 * ]);
 * console.log(values); // ["a", "b"]
 * ```
 *
 * @example
 * By name
 * ```ts
 * import { all, sleep } from "@mdc/tasks";
 *
 * const { users, orders } = await all({
 *   users: () => sleep(2).then(() => ["ann"]),
 *   orders: () => sleep(1).then(() => [7, 8]),
 * });
 * console.log([users.length, orders.length]); // [1, 2]
 * ```
 *
 * @typeParam C The bodies and tasks.
 * @param items Bodies to start as tasks, or running tasks.
 * @param options What else its cancellation comes from.
 * @returns The values. Rejects with the first failure (or cancellation of a
 * task), and with the outer cancellation; what losers throw in their cleanup
 * is reported.
 * @throws {TypeError} If an item is neither a function nor a task.
 */
export function all<const C extends readonly Competitor<unknown>[]>(
  items: C,
  options?: CombineOptions,
): Promise<{ -readonly [K in keyof C]: CompetitorResult<C[K]> }>;
/**
 * As above, for any iterable.
 *
 * @typeParam T What each results in.
 * @param items Bodies to start as tasks, or running tasks.
 * @param options What else its cancellation comes from.
 * @returns The values, in order.
 */
export function all<T>(
  items: Iterable<Competitor<T>>,
  options?: CombineOptions,
): Promise<T[]>;
/**
 * As above, for a record: each body is named after its key.
 *
 * @typeParam R The bodies and tasks by name.
 * @param items Bodies to start as tasks, or running tasks, by name.
 * @param options What else its cancellation comes from.
 * @returns The values, by the same names.
 */
export function all<const R extends CompetitorRecord>(
  items: R,
  options?: CombineOptions,
): Promise<{ -readonly [K in keyof R]: CompetitorResult<R[K]> }>;
export function all(
  items: Iterable<Competitor<unknown>> | CompetitorRecord,
  options?: CombineOptions,
): Promise<unknown> {
  const line = namedCompetitors(items, options, "all()");
  return decide(line, {
    what: "all()",
    reason: "another one failed",
    decides: (task) => task.status !== "completed",
    otherwise: (tasks) => inShape(items, tasks.map((task) => task.result())),
  });
}
