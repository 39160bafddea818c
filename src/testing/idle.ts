import { macrotask } from "../core/clock.ts";

/**
 * Waits until everything that could react without time or I/O has reacted:
 * trio's `wait_all_tasks_blocked`. It lets two turns of the event loop pass,
 * in which all promise reactions and checkpoints run.
 *
 * Under a virtual clock, `clock.idle()` does the same, and goes on for as long
 * as there are timers or checkpoints coming due.
 *
 * @example
 * After the reactions
 * ```ts
 * import { AsyncEvent, createTask } from "@mdc/tasks";
 * import { untilIdle } from "@mdc/tasks/testing";
 *
 * const go = new AsyncEvent();
 * const task = createTask(() => go.wait());
 * go.set();
 * await untilIdle();
 * console.log(task.status); // "completed"
 * ```
 *
 * @returns A promise that resolves when the turns have passed.
 */
export async function untilIdle(): Promise<void> {
  await new Promise<void>(macrotask);
  await new Promise<void>(macrotask);
}
