import { subscribe, type TraceSubscription } from "@mdc/tasks/trace";
import { checkOptions, numberOption } from "../text/options.ts";
import { Deadlocks } from "./deadlocks.ts";
import { Family } from "./family.ts";
import { type Finding, formatFinding } from "./finding.ts";
import { Patience } from "./patience.ts";
import { Turns } from "./turns.ts";

/** Options of {@linkcode watch}. */
export interface WatchOptions {
  /**
   * How long the code of a task may keep the event loop, in milliseconds.
   * Default: 100; `Infinity` turns it off.
   */
  blocked?: number | undefined;
  /**
   * How long a task may run on after it was asked to stop, in milliseconds.
   * Default: 2000; `Infinity` turns it off.
   */
  ignoring?: number | undefined;
  /** Is told of each finding. The default is `console.warn`, in words. */
  onFinding?: ((finding: Finding) => void) | undefined;
}

/**
 * Watches the tasks of this process, and tells of three things: code that
 * keeps the event loop for too long, tasks that ignore their cancellation, and
 * tasks that wait for each other.
 *
 * Who keeps the event loop is told once the loop turns again: a loop that
 * never ends can't be told from inside. Code is known to be a task's if it
 * follows its start or the end of a wait in this library.
 *
 * @example
 * Two tasks that wait for each other
 * ```ts
 * import { abortable, createTask, sleep, type Task } from "@mdc/tasks";
 * import { formatFinding, watch } from "@mdc/devtools/watchdog";
 * import { assertMatch } from "@std/assert";
 *
 * const findings: string[] = [];
 * const watching = watch({
 *   onFinding: (finding) => findings.push(formatFinding(finding)),
 * });
 * const tasks: Task[] = [];
 * const waitFor = (other: number) => async () => {
 *   await sleep(1);
 *   await abortable(tasks[other]!);
 * };
 * tasks.push(createTask(waitFor(1), { name: "egg" }));
 * tasks.push(createTask(waitFor(0), { name: "hen" }));
 * await sleep(20);
 * for (const task of tasks) task.cancel();
 * watching.unsubscribe();
 * assertMatch(findings.join(), /wait for each other: "hen"|"egg"/);
 * ```
 *
 * @param options The limits, and who is told.
 * @returns What ends it; it is disposable.
 * @throws {TypeError} If an option is unknown or of the wrong type.
 * @throws {RangeError} If a limit is negative or `NaN`.
 */
export function watch(options?: WatchOptions): TraceSubscription {
  const { blocked, ignoring, onFinding } = checkOptions(options, "watch()", [
    "blocked",
    "ignoring",
    "onFinding",
  ]);
  const limits = {
    blocked: numberOption(blocked, "blocked", { fallback: 100, least: 0 }),
    ignoring: numberOption(ignoring, "ignoring", { fallback: 2000, least: 0 }),
  };
  if (onFinding !== undefined && typeof onFinding !== "function") {
    throw new TypeError(
      `Cannot use onFinding: expected a function, received ${onFinding}`,
    );
  }
  const tell = onFinding ??
    ((finding: Finding) => console.warn(formatFinding(finding)));
  const family = new Family();
  const deadlocks = new Deadlocks(family);
  const report = (status: "blocked" | "ignoring") =>
  (
    id: string,
    elapsed: number,
  ) => {
    const task = family.describe(id);
    if (task !== undefined) tell({ status, task, elapsed });
  };
  const turns = new Turns(limits.blocked, report("blocked"));
  const patience = new Patience(limits.ignoring, report("ignoring"));
  const subscription = subscribe({
    started(event) {
      family.add(event);
      if (event.kind === "task" && !event.earlier) turns.runs(event.id);
    },
    waiting(event) {
      turns.runs(event.id);
      deadlocks.begin(event);
      if (event.for.id === undefined) return;
      const circle = deadlocks.circleOf(event.id);
      const tasks = (circle ?? []).map((id) => family.describe(id));
      if (tasks.length === 0 || !tasks.every((each) => each !== undefined)) {
        return;
      }
      tell({ status: "deadlock", tasks });
    },
    resumed(event) {
      deadlocks.end(event);
      turns.runs(event.id);
    },
    cancelling({ id, kind }) {
      if (kind === "task") patience.asked(id);
    },
    ended(event) {
      const { id } = event;
      // The last stretch of its code is judged while it is known.
      turns.runs(undefined);
      patience.ended(id);
      deadlocks.forget(id);
      family.remove(event);
    },
  });
  const unsubscribe = () => {
    patience.stop();
    subscription.unsubscribe();
  };
  return { unsubscribe, [Symbol.dispose]: unsubscribe };
}
