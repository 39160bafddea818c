import { now } from "./core/clock.ts";

/**
 * The time that deadlines are measured on: monotonic, in milliseconds.
 *
 * @example
 * A deadline in a second
 * ```ts
 * import { CancelScope, currentTime } from "@mdc/tasks";
 *
 * const scope = new CancelScope({ deadline: currentTime() + 1000 });
 * console.log(scope.deadline > currentTime()); // true
 * ```
 *
 * @returns Milliseconds since some fixed point.
 */
export function currentTime(): number {
  return now();
}
