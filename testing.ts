/**
 * Tools for tests of code that uses `@mdc/tasks`: a virtual clock, waiting
 * until everything waits, and leak checks by identity.
 *
 * @example
 * A test of timing that takes no time
 * ```ts
 * import { createTask, waitForOutcome } from "@mdc/tasks";
 * import { withVirtualClock } from "@mdc/tasks/testing";
 *
 * await withVirtualClock(async () => {
 *   const task = createTask((context) => context.sleep(60_000));
 *   const outcome = await waitForOutcome(task, { timeout: 5_000 });
 *   console.log(outcome.status); // "timed-out"
 *   console.log(outcome.elapsed); // 5_000
 * });
 * ```
 *
 * @module
 */

export { withVirtualClock } from "./src/testing/virtual_clock.ts";
export type {
  VirtualClock,
  VirtualClockOptions,
} from "./src/testing/virtual_clock.ts";
export { untilIdle } from "./src/testing/idle.ts";
export { Sequencer } from "./src/testing/sequencer.ts";
export { checkLeaks, LeakError } from "./src/testing/leaks.ts";
export type { LeakedTask } from "./src/testing/leaks.ts";
