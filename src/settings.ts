import {
  inForce,
  type LostContext,
  type UnobservedFailure,
} from "./core/in_force.ts";
import { warnOfLostContext } from "./core/lost_context.ts";
import { optionsOf } from "./core/options.ts";
import { recorder } from "./core/recorder.ts";
import { census } from "./core/shared.ts";
import { reportToConsole } from "./core/unobserved.ts";
import { callable, flag } from "./core/validate.ts";
import { InvalidStateError } from "./errors.ts";

export { inForce as settings } from "./core/in_force.ts";
export type { LostContext, UnobservedFailure } from "./core/in_force.ts";

/** What {@linkcode configure} can change. All of it is process-wide. */
export interface Settings {
  /**
   * Whether `currentTask()` follows `await`, timers and callbacks. On by
   * default where the runtime has `AsyncLocalStorage`. Without it, parents and
   * signals are passed explicitly. Some runtimes charge every promise of the
   * process for it (the README says which): turn it off there, before the
   * first task, where that matters.
   */
  taskContext: boolean;
  /**
   * Whether tasks remember where they were created and last waited, and
   * cancellations where they were asked for: for reports, and in the stack of
   * a `CancelledError`. Off by default: capturing a stack costs several
   * microseconds.
   */
  creationSites: boolean;
  /**
   * Is told of each failed task that nobody looked at, exactly once. The
   * default writes name, error and place to `console.error`.
   */
  onUnobservedFailure: (failure: UnobservedFailure) => void;
  /**
   * Where the runtime can't follow a task across `await` (browsers;
   * `taskContext: false`): is told of each call after an `await` that was given
   * neither `signal` nor `parent` while tasks are alive, and so belongs to
   * nobody; at most ten times. The default writes it to `console.warn`.
   */
  onLostContext: (lost: LostContext) => void;
}

const NAMES = [
  "taskContext",
  "creationSites",
  "onUnobservedFailure",
  "onLostContext",
] as const;

/**
 * Changes process-wide settings and returns the former values of all of them,
 * ready to be put back by another call.
 *
 * @example
 * Collecting failures that nobody looked at
 * ```ts
 * import { AsyncEvent, configure, createTask } from "@mdc/tasks";
 *
 * const failures: string[] = [];
 * const reported = new AsyncEvent();
 * const before = configure({
 *   onUnobservedFailure: ({ name, error }) => {
 *     failures.push(`${name}: ${error}`);
 *     reported.set();
 *   },
 * });
 * createTask(() => Promise.reject(new Error("disk full")), { name: "writer" });
 * await reported.wait();
 * configure(before);
 * console.log(failures); // ["writer: Error: disk full"]
 * ```
 *
 * @param changes The settings to change; what is absent stays.
 * @returns The former settings.
 * @throws {TypeError} If a value has the wrong type or an option is unknown;
 * then nothing changes.
 * @throws {InvalidStateError} If `taskContext` is changed after the first task.
 */
export function configure(changes: Partial<Settings>): Settings {
  optionsOf<Settings>(changes, "configure()", NAMES);
  const before: Settings = {
    taskContext: inForce.taskContext,
    creationSites: inForce.recorder !== undefined,
    onUnobservedFailure: inForce.onUnobservedFailure ?? reportToConsole,
    onLostContext: inForce.onLostContext ?? warnOfLostContext,
  };
  const { taskContext, creationSites, onUnobservedFailure, onLostContext } = {
    ...before,
    ...changes,
  };
  flag(taskContext, "taskContext");
  flag(creationSites, "creationSites");
  callable(onUnobservedFailure, "onUnobservedFailure");
  callable(onLostContext, "onLostContext");
  if (taskContext !== before.taskContext && census.started) {
    throw new InvalidStateError(
      "Cannot set taskContext: a task was started before, here or by another copy of the package",
    );
  }
  if (onLostContext !== before.onLostContext) inForce.lost = 0;
  Object.assign(inForce, {
    taskContext,
    recorder: creationSites ? recorder : undefined,
    onUnobservedFailure,
    onLostContext,
  });
  return before;
}
