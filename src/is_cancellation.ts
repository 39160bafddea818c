import { isOf, isSelfMade, wasAskedOf } from "./core/asked.ts";
import { currentNode } from "./core/current.ts";
import type { CancelNode } from "./core/node.ts";
import { looksAborted } from "./core/shapes.ts";
import { type CancelSource, recordOf, toSource } from "./core/source.ts";

/** Whether `error` is a cancellation of what runs at `node`, or above it. */
export function isCancellationAt(error: unknown, node: CancelNode): boolean {
  return isSelfMade(error) || wasAskedOf(error, node);
}

function isCancellationOf(error: unknown, value: CancelSource): boolean {
  const source = toSource(value, "the source of isCancellation()");
  const record = recordOf(source);
  return record !== undefined && (isSelfMade(error) || isOf(error, record));
}

/**
 * Whether an error is a cancellation that was asked of the code that caught
 * it: the one to let pass.
 *
 * Within a task or scope, it is recognised by who asked, not by its name. It
 * is true only while that task or scope, or an owner above it, is cancelled:
 * - for the reason of that cancellation, whatever value it is;
 * - for a {@linkcode CancelledError} that came down from it;
 * - for an abort error of a platform function such as `fetch`.
 *
 * It is always true for a `CancelledError` that your own code constructed. It
 * is false for another task's cancellation, caught after
 * `child.cancel(); await child`: this code goes on.
 *
 * Where no task is known (outside of tasks; after an `await` where the runtime
 * can't follow it), errors go by their name (`"AbortError"`) or code. There,
 * `context.isCancellation(error)` knows.
 *
 * @example
 * One's own cancellation, and another's
 * ```ts
 * import { createTask, isCancellation, sleep } from "@mdc/tasks";
 *
 * const task = createTask(async () => {
 *   const child = createTask(() => sleep(60_000));
 *   child.cancel();
 *   const own = await child.catch((error) => isCancellation(error));
 *   return own ? "stopped" : "went on";
 * });
 * console.log(await task); // "went on"
 * ```
 *
 * @param error What was caught.
 * @param source Whose cancellation is asked for, in place of the current
 * task's: one source, or several.
 * @returns Whether it is a cancellation.
 * @throws {TypeError} If `source` is no cancel source.
 */
export function isCancellation(
  error: unknown,
  source?: CancelSource | readonly CancelSource[],
): boolean {
  if (source !== undefined) {
    return Array.isArray(source)
      ? source.map((each) => isCancellationOf(error, each)).includes(true)
      : isCancellationOf(error, source as CancelSource);
  }
  const node = currentNode();
  return node === undefined
    ? looksAborted(error)
    : isCancellationAt(error, node);
}

/**
 * Throws `error` on if it is a cancellation that was asked of this code, and
 * does nothing otherwise: the first line of a catch block that handles
 * everything else.
 *
 * @example
 * Never swallowing a cancellation
 * ```ts
 * import { createTask, rethrowCancellation } from "@mdc/tasks";
 *
 * const task = createTask(async (context) => {
 *   try {
 *     await context.sleep(60_000);
 *   } catch (error) {
 *     rethrowCancellation(error);
 *     return "fallback";
 *   }
 * });
 * task.cancel();
 * await task.catch(() => {});
 * console.log(task.status); // "cancelled"
 * ```
 *
 * @param error What was caught.
 * @param source Whose cancellation is asked for, as in
 * {@linkcode isCancellation}.
 * @throws `error` itself, if {@linkcode isCancellation} says so.
 */
export function rethrowCancellation(
  error: unknown,
  source?: CancelSource | readonly CancelSource[],
): void {
  if (isCancellation(error, source)) throw error;
}
