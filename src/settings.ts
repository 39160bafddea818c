import { optionsOf } from "./core/options.ts";
import { census, shared } from "./core/shared.ts";
import { callable, flag } from "./core/validate.ts";
import { InvalidStateError } from "./errors.ts";

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
  /**
   * Where the runtime can't follow a task across `await` (browsers;
   * `taskContext: false`): is told of each call after an `await` that was given
   * neither `signal` nor `parent` while tasks are alive, and so belongs to
   * nobody; at most ten times. The default writes it to `console.warn`.
   */
  onLostContext: (lost: LostContext) => void;
}

/** A call that belongs to nobody, because its task isn't known. */
export interface LostContext {
  /** What was called: `"sleep()"`. */
  readonly what: string;
  /** Where, as lines of a stack. */
  readonly place: string;
}

function warnOfLostContext({ what, place }: LostContext): void {
  console.warn(
    `${what} belongs to no task: after an await the current task isn't known here. Hand on the context: "signal: context" (or "parent: context"), or say "signal: null".\n${place}`,
  );
}

/** How often a lost context is told. */
const MOST_TOLD = 10;
let told = 0;

/** Tells that a call has lost its context, unless that was told often enough. */
export function tellLostContext(what: string, above: unknown): void {
  if (told >= MOST_TOLD) return;
  told++;
  const holder: { stack?: string } = {};
  (Error as { captureStackTrace?: (on: object, above: unknown) => void })
    .captureStackTrace?.(holder, above);
  const stack = holder.stack ?? new Error().stack ?? "";
  const place = stack.split("\n").filter((line) => /^\s*at /.test(line))
    .join("\n");
  settings.onLostContext({ what, place });
}

function reportToConsole(failure: UnobservedFailure): void {
  const { name, error, place } = failure;
  const where = place === undefined ? "" : `\ncreated\n${place}`;
  const what = `Task "${name}" failed and nobody looked at it:`;
  try {
    console.error(what, error, where);
  } catch {
    // What can't be shown (a revoked proxy, a getter that throws) is said.
    console.error(what, "an error that can't be shown", where);
  }
}

/** How many failures were told, whatever hook is in place. */
export const toldFailures: { count: number } = /* @__PURE__ */ shared(
  "toldFailures",
  () => ({ count: 0 }),
);

/**
 * Tells the hook of a failure. A hook that throws breaks nobody's task and
 * loses nothing: the console gets the failure and what the hook threw.
 */
export function tellUnobserved(failure: UnobservedFailure): void {
  toldFailures.count++;
  try {
    settings.onUnobservedFailure(failure);
  } catch (error) {
    reportToConsole(failure);
    console.error("The hook onUnobservedFailure threw:", error);
  }
}

const NAMES = [
  "taskContext",
  "creationSites",
  "onUnobservedFailure",
  "onLostContext",
] as const;

/** The settings in force. Internal: read by the library, set by configure(). */
export const settings: Settings = /* @__PURE__ */ shared<Settings>(
  "settings",
  () => ({
    taskContext: true,
    creationSites: false,
    onUnobservedFailure: reportToConsole,
    onLostContext: warnOfLostContext,
  }),
);

/**
 * Changes process-wide settings and returns the former values of all of them,
 * ready to be put back by another call.
 *
 * @example
 * Collecting failures that nobody looked at
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
 * @throws {TypeError} If a value has the wrong type or an option is unknown;
 * then nothing changes.
 * @throws {InvalidStateError} If `taskContext` is changed after the first task.
 */
export function configure(changes: Partial<Settings>): Settings {
  optionsOf<Settings>(changes, "configure()", NAMES);
  const before = { ...settings };
  const next = { ...settings, ...changes };
  flag(next.taskContext, "taskContext");
  flag(next.creationSites, "creationSites");
  callable(next.onUnobservedFailure, "onUnobservedFailure");
  callable(next.onLostContext, "onLostContext");
  if (next.taskContext !== settings.taskContext && census.started) {
    throw new InvalidStateError(
      "Cannot set taskContext: a task was started before, here or by another copy of the package",
    );
  }
  settings.taskContext = next.taskContext;
  settings.creationSites = next.creationSites;
  settings.onUnobservedFailure = next.onUnobservedFailure;
  if (settings.onLostContext !== next.onLostContext) told = 0;
  settings.onLostContext = next.onLostContext;
  return before;
}
