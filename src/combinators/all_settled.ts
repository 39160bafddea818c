import { quietable } from "../core/quiet.ts";
import type { TaskOutcome } from "../outcome.ts";
import {
  type CombineOptions,
  type Competitor,
  type CompetitorRecord,
  type CompetitorResult,
  inShape,
  namedCompetitors,
} from "./competitors.ts";
import { Crew } from "./crew.ts";

/**
 * Runs bodies at the same time, waits for all, and tells how each ended, in
 * order: `Promise.allSettled` with outcomes that know cancellation.
 *
 * @example
 * No failure stops the others
 * ```ts
 * import { allSettled } from "@mdc/tasks";
 *
 * const outcomes = await allSettled([
 *   () => 1,
 *   () => Promise.reject(new Error("no")),
 * ]);
 * console.log(outcomes.map(({ status }) => status));
 * // ["completed", "failed"]
 * ```
 *
 * @typeParam C The bodies and tasks.
 * @param items Bodies to start as tasks, or running tasks.
 * @param options What else its cancellation comes from.
 * @returns How each ended. Rejects only with the outer cancellation, after all
 * have ended.
 * @throws {TypeError} If an item is neither a function nor a task.
 */
export function allSettled<const C extends readonly Competitor<unknown>[]>(
  items: C,
  options?: CombineOptions,
): Promise<
  { -readonly [K in keyof C]: TaskOutcome<CompetitorResult<C[K]>> }
>;
/**
 * As above, for any iterable.
 *
 * @typeParam T What each results in.
 * @param items Bodies to start as tasks, or running tasks.
 * @param options What else its cancellation comes from.
 * @returns How each ended, in order.
 */
export function allSettled<T>(
  items: Iterable<Competitor<T>>,
  options?: CombineOptions,
): Promise<TaskOutcome<T>[]>;
/**
 * As above, for a record: each body is named after its key.
 *
 * @typeParam R The bodies and tasks by name.
 * @param items Bodies to start as tasks, or running tasks, by name.
 * @param options What else its cancellation comes from.
 * @returns How each ended, by the same names.
 */
export function allSettled<const R extends CompetitorRecord>(
  items: R,
  options?: CombineOptions,
): Promise<
  { -readonly [K in keyof R]: TaskOutcome<CompetitorResult<R[K]>> }
>;
export function allSettled(
  items: Iterable<Competitor<unknown>> | CompetitorRecord,
  options?: CombineOptions,
): Promise<unknown> {
  const { entries, source } = namedCompetitors(items, options, "allSettled()");
  return quietable(async (quietly) => {
    const crew = new Crew<unknown>("allSettled()", source);
    const tasks = entries.map(({ item, name }) => crew.add(item, name));
    let untold = true;
    try {
      while (await crew.another()) crew.throwOuter();
      untold = false;
      return inShape(items, tasks.map((task) => task.outcome()));
    } catch (error) {
      quietly();
      throw error;
    } finally {
      await crew.leave("all were cancelled", untold);
    }
  });
}
