import {
  atLeastOne,
  type CombineOptions,
  type Competitor,
  type CompetitorResult,
  competitors,
} from "./competitors.ts";
import { decide } from "./decide.ts";

/**
 * Runs bodies at the same time and gives the first value; the others are
 * cancelled and joined before it returns: `Promise.any` without leftovers.
 *
 * @example
 * The first that works
 * ```ts
 * import { any, sleep } from "@mdc/tasks";
 *
 * const value = await any([
 *   () => Promise.reject(new Error("mirror down")),
 *   () => sleep(1).then(() => "mirror 2"),
 *   () => sleep(60_000).then(() => "mirror 3"),
 * ]);
 * console.log(value); // "mirror 2"
 * ```
 *
 * @typeParam C The bodies and tasks.
 * @param items Bodies to start as tasks, or running tasks.
 * @param options What else its cancellation comes from.
 * @returns The first value. Rejects with an `AggregateError` of all errors, in
 * order of the items, if none completes, and with the outer cancellation; then
 * the errors that it has seen are reported.
 * @throws {TypeError} If there is no item, or one is neither a function nor a
 * task.
 */
export function any<const C extends readonly Competitor<unknown>[]>(
  items: C,
  options?: CombineOptions,
): Promise<CompetitorResult<C[number]>>;
/**
 * As above, for any iterable.
 *
 * @typeParam T What each results in.
 * @param items Bodies to start as tasks, or running tasks.
 * @param options What else its cancellation comes from.
 * @returns What the one that decides results in.
 */
export function any<T>(
  items: Iterable<Competitor<T>>,
  options?: CombineOptions,
): Promise<T>;
export function any<T>(
  items: Iterable<Competitor<T>>,
  options?: CombineOptions,
): Promise<T> {
  const line = competitors(items, options, "any()");
  atLeastOne(line, "any()");
  return decide<T, never>(line, {
    what: "any()",
    reason: "another one was first",
    decides: (task) => task.status === "completed",
    otherwise(tasks) {
      const message = `None of ${tasks.length} completed`;
      const errors = tasks.map((task) => task.thrown);
      throw new AggregateError(errors, message, { cause: errors[0] });
    },
  });
}
