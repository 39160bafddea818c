import { now } from "./core/clock.ts";

/**
 * The time that deadlines are measured on: monotonic, in milliseconds.
 *
 * @example
 * A deadline in a second
 * ```ts
 * import { CancelScope, currentTime } from "@mdc/tasks";
 * import { assert } from "@std/assert";
 *
 * const scope = new CancelScope({ deadline: currentTime() + 1000 });
 * assert(scope.deadline > currentTime());
 * ```
 *
 * @returns Milliseconds since some fixed point.
 */
export function currentTime(): number {
  return now();
}
