import { callable } from "../core/validate.ts";
import { InvalidStateError } from "../errors.ts";
import { inForce } from "../core/in_force.ts";
import { recorder } from "../core/recorder.ts";

import { forgetAlive } from "./alive.ts";
import type { RunContext } from "./context.ts";
import { hostProcess } from "./host.ts";
import { type Plan, planOf, type RunOptions } from "./options.ts";
import { Program } from "./program.ts";

let running = false;

/**
 * The entry of a program: runs `main` as its first task and ends everything
 * that it started, in an orderly way and in bounded time.
 *
 * At the first SIGINT or SIGTERM:
 * 1. A line on stderr says so. `context.shutdown` is set; the program has
 *    `drain` milliseconds to finish what it has begun (5000 by default if it
 *    has read `context.shutdown`, else none).
 * 2. All tasks are cancelled, with a reason of kind `"signal"`, and have
 *    `grace` milliseconds for their cleanup.
 * 3. Each task that is still running is named, and the process exits with 128
 *    and the signal's number: 130 for SIGINT, 143 for SIGTERM. `exitCode`
 *    chooses another code for a shutdown that was clean.
 *
 * A second signal exits at once, with a line that names what was running.
 *
 * An exception that nobody caught (in a timer, in an event handler) and a
 * rejection that nobody handled are printed and cancel the program: cleanups
 * run within `grace`, then it exits with 1. A cancellation that nobody
 * handled, in a promise derived from a wait, is no such rejection.
 *
 * When `main` returns or throws, tasks that linger are cancelled and named in
 * the same way; then the exit code is 1 if a task was stuck or failed with
 * nobody looking. If something else holds the process, a server or a timer,
 * that is told `grace` milliseconds later.
 *
 * No handler runs while a loop never yields: such a program hears neither the
 * first signal nor the second. `await checkpoint()` in the loop helps, and so
 * does a thread of its own for the work.
 *
 * Where there is no process (in a browser), there are no signals, crashes and
 * exit codes: `run()` ends what `main` started, and that is all.
 *
 * @example
 * A program
 * ```ts
 * import { run } from "@mdc/tasks";
 *
 * const value = await run(async (context) => {
 *   await context.sleep(1);
 *   return "done";
 * });
 * console.log(value); // "done"
 * ```
 *
 * @typeParam T What `main` returns.
 * @param main The program; it gets a task context and the shutdown event.
 * @param options The signals, the times, the exit code, and who is told.
 * @returns What `main` returned. Rejects with what `main` threw, or with an
 * InvalidStateError if `main` was stuck where no process can be ended.
 * @throws {TypeError} If `main` is no function, an option is wrong or unknown,
 * or a signal is unknown or can't be heard.
 * @throws {RangeError} If a time is `NaN` or negative, or `exitCode` is no
 * whole number from 0 to 255.
 * @throws {InvalidStateError} If a program is running already.
 */
export function run<T>(
  main: (context: RunContext) => T | PromiseLike<T>,
  options?: RunOptions,
): Promise<T> {
  callable(main, "the main function of run()");
  const plan = planOf(options);
  if (running) {
    throw new InvalidStateError("Cannot run: a program is running already");
  }
  running = true;
  return supervise(main, plan);
}

async function supervise<T>(
  main: (context: RunContext) => T | PromiseLike<T>,
  plan: Plan,
): Promise<T> {
  forgetAlive();
  const { failures, recorder: before } = inForce;
  if (plan.diagnostics) inForce.recorder = recorder;
  try {
    return await new Program(plan).run(main);
  } finally {
    running = false;
    inForce.recorder = before;
    const host = hostProcess();
    if (inForce.failures > failures && host !== undefined) host.exitCode ||= 1;
  }
}
