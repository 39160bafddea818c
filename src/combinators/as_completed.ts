import { quietable } from "../core/quiet.ts";
import {
  type CombineOptions,
  type Competitor,
  type CompetitorResult,
  competitors,
  type Line,
} from "./competitors.ts";
import { Crew } from "./crew.ts";

/**
 * Runs bodies at the same time and gives their values as they come. Leaving
 * the loop early cancels and joins the rest; so does the first failure, which
 * is thrown.
 *
 * The bodies are started by the first `next()`, and belong to the task that
 * makes it: the one with the loop. A loop in another task isn't ended by the
 * cancellation of the task that called `asCompleted()`; a `signal` does that.
 *
 * @example
 * In order of completion
 * ```ts
 * import { asCompleted, sleep } from "@mdc/tasks";
 *
 * const seen: string[] = [];
 * for await (
 *   const value of asCompleted([
 *     () => sleep(5).then(() => "slow"),
 *     () => sleep(1).then(() => "fast"),
 *   ])
 * ) seen.push(value);
 * console.log(seen); // ["fast", "slow"]
 * ```
 *
 * @typeParam C The bodies and tasks.
 * @param items Bodies to start as tasks when the loop begins, or running
 * tasks.
 * @param options What else its cancellation comes from.
 * @returns The values in order of completion.
 * @throws {TypeError} If an item is neither a function nor a task.
 */
export function asCompleted<const C extends readonly Competitor<unknown>[]>(
  items: C,
  options?: CombineOptions,
): AsyncGenerator<CompetitorResult<C[number]>, void, void>;
/**
 * As above, for any iterable.
 *
 * @typeParam T What each results in.
 * @param items Bodies to start as tasks, or running tasks.
 * @param options What else its cancellation comes from.
 * @returns The values in order of completion.
 */
export function asCompleted<T>(
  items: Iterable<Competitor<T>>,
  options?: CombineOptions,
): AsyncGenerator<T, void, void>;
export function asCompleted<T>(
  items: Iterable<Competitor<T>>,
  options?: CombineOptions,
): AsyncGenerator<T, void, void> {
  const state: State = { cancelled: false };
  const values = generate(competitors(items, options, "asCompleted()"), state);
  const next = values.next.bind(values);
  values.next = () =>
    quietable(async (quietly) => {
      try {
        return await next();
      } finally {
        if (state.cancelled) quietly();
      }
    });
  return values;
}

interface State {
  /** Whether the loop ends with a cancellation. */
  cancelled: boolean;
}

async function* generate<T>(
  { entries, source }: Line<T>,
  state: State,
): AsyncGenerator<T, void, void> {
  const crew = new Crew<T>("asCompleted()", source);
  for (const { item } of entries) crew.add(item);
  try {
    while (await crew.another()) {
      state.cancelled = crew.latest.cancelled;
      crew.throwOuter();
      yield crew.latest.result();
    }
  } finally {
    await crew.leave("its loop has ended");
  }
}
