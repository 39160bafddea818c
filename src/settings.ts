import { callable, flag, optionsObject } from "./core/validate.ts";

/** A task that failed and that nobody looked at. */
export interface UnobservedFailure {
  /** The task's name. */
  readonly name: string;
  /** The task's id. */
  readonly id: number;
  /** What it failed with. */
  readonly error: unknown;
  /**
   * Where the task was created, as lines of a stack. Only known with
   * `configure({ creationSites: true })`.
   */
  readonly place?: string;
}

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
   * Whether tasks remember where they were created, for reports. Off by
   * default: capturing a stack costs several microseconds.
   */
  creationSites: boolean;
  /**
   * Is told of each failed task that nobody looked at, exactly once. The
   * default writes name, error and place to `console.error`.
   */
  onUnobservedFailure: (failure: UnobservedFailure) => void;
}

function reportToConsole(failure: UnobservedFailure): void {
  const { name, error, place } = failure;
  const where = place === undefined ? "" : `\ncreated\n${place}`;
  console.error(`Task "${name}" failed and nobody looked at it:`, error, where);
}

/**
 * Tells the hook of a failure. A hook that throws breaks nobody's task and
 * loses nothing: the console gets the failure and what the hook threw.
 */
export function tellUnobserved(failure: UnobservedFailure): void {
  try {
    settings.onUnobservedFailure(failure);
  } catch (error) {
    reportToConsole(failure);
    console.error("The hook onUnobservedFailure threw:", error);
  }
}

/** The settings in force. Internal: read by the library, set by configure(). */
export const settings: Settings = {
  taskContext: true,
  creationSites: false,
  onUnobservedFailure: reportToConsole,
};

/**
 * Changes process-wide settings and returns the former values of all of them,
 * ready to be put back by another call.
 *
 * @example Collecting failures that nobody looked at
 * ```ts
 * import { AsyncEvent, configure, createTask } from "@mdc/tasks";
 * import { assertEquals } from "@std/assert";
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
 * assertEquals(failures, ["writer: Error: disk full"]);
 * ```
 *
 * @param changes The settings to change; what is absent stays.
 * @returns The former settings.
 * @throws {TypeError} If a value has the wrong type; then nothing changes.
 */
export function configure(changes: Partial<Settings>): Settings {
  optionsObject(changes, "configure()");
  const before = { ...settings };
  const next = { ...settings, ...changes };
  flag(next.taskContext, "taskContext");
  flag(next.creationSites, "creationSites");
  callable(next.onUnobservedFailure, "onUnobservedFailure");
  settings.taskContext = next.taskContext;
  settings.creationSites = next.creationSites;
  settings.onUnobservedFailure = next.onUnobservedFailure;
  return before;
}
