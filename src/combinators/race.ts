import {
  atLeastOne,
  type CombineOptions,
  type Competitor,
  type CompetitorResult,
  competitors,
} from "./competitors.ts";
import { decide } from "./decide.ts";

/**
 * Runs bodies at the same time and settles as the first one does; the others
 * are cancelled and joined before: `Promise.race` without leftovers.
 *
 * @example
 * The loser is stopped
 * ```ts
 * import { race, sleep } from "@mdc/tasks";
 *
 * const winner = await race([
 *   () => sleep(1).then(() => "hare"),
 *   () => sleep(60_000).then(() => "tortoise"),
 * ]);
 * console.log(winner); // "hare"
 * ```
 *
 * @typeParam C The bodies and tasks.
 * @param items Bodies to start as tasks, or running tasks.
 * @param options What else its cancellation comes from.
 * @returns The value of the first to end. Rejects with its error, and with
 * the outer cancellation.
 * @throws {TypeError} If there is no item, or one is neither a function nor a
 * task.
 */
export function race<const C extends readonly Competitor<unknown>[]>(
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
export function race<T>(
  items: Iterable<Competitor<T>>,
  options?: CombineOptions,
): Promise<T>;
export function race<T>(
  items: Iterable<Competitor<T>>,
  options?: CombineOptions,
): Promise<T> {
  const line = competitors(items, options, "race()");
  atLeastOne(line, "race()");
  return decide<T, never>(line, {
    what: "race()",
    reason: "another one was first",
    decides: () => true,
    otherwise() {
      throw new Error("unreachable: a race has at least one competitor");
    },
  });
}
