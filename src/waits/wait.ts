import { cancelTree } from "../core/cancel_tree.ts";
import { Cancellation } from "../core/cancellation.ts";
import { now } from "../core/clock.ts";
import { currentNode } from "../core/current.ts";
import { comesDown } from "../core/follow.ts";
import { optionsOf } from "../core/options.ts";
import { quiet } from "../core/quiet.ts";
import {
  type CancelSource,
  recordOf,
  type Source,
  toSource,
} from "../core/source.ts";
import type { TaskNode } from "../core/task_node.ts";
import { duration, oneOf } from "../core/validate.ts";
import { givenOrCaller } from "../core/waiter.ts";
import { type Ending, watch } from "../core/watch.ts";
import { InvalidStateError } from "../errors.ts";
import type { TaskOutcome } from "../outcome.ts";
import type { CancelReason } from "../reason.ts";
import { type Task, taskNode } from "../task/task.ts";

/** Options of `waitForOutcome()` and `waitWithCancellation()`. */
export interface WaitForOutcomeOptions {
  /** Ends the wait when set: the work is done, though the task may go on. */
  completionEvent?: CancelSource | undefined;
  /** Ends the wait when set, as `"cancelled"`. */
  cancelEvent?: CancelSource | undefined;
  /**
   * How long to wait, in milliseconds. `0` looks once; `undefined` and
   * `Infinity` mean no limit.
   */
  timeout?: number | undefined;
  /**
   * Whose cancellation makes the wait reject. The default is the current task
   * (or the innermost scope that runs in it).
   */
  signal?: CancelSource | null | undefined;
  /**
   * What becomes of the task when the wait ends by `cancelEvent` or `timeout`:
   * `"cancel"` (the default) asks it to stop and waits up to `grace` for its
   * end; `"leave"` leaves it running. When the waiter itself is cancelled,
   * `"cancel"` asks it to stop without waiting.
   */
  onStop?: "cancel" | "leave" | undefined;
  /**
   * How long to wait for the end of a task that was asked to stop, in
   * milliseconds. Default: 1000.
   */
  grace?: number | undefined;
}

/** How a wait for a task ended. */
export type WaitOutcome<T> =
  & (TaskOutcome<T> | {
    /** The cancel event came first, or the task was cancelled by others. */
    readonly status: "cancelled";
    /** Who asked for it, and why. */
    readonly reason: CancelReason;
  } | {
    /** The time was over first. */
    readonly status: "timed-out";
  } | {
    /** The completion event came first; the task goes on. */
    readonly status: "signalled";
  })
  & {
    /** How long the wait took, in milliseconds. */
    readonly elapsed: number;
  };

const NAMES = [
  "completionEvent",
  "cancelEvent",
  "timeout",
  "signal",
  "onStop",
  "grace",
] as const;

interface Plan {
  readonly node: TaskNode<unknown>;
  readonly completion: Source | undefined;
  readonly cancel: Source | undefined;
  readonly ms: number;
  readonly waiter: Source | undefined;
  readonly stops: boolean;
  readonly grace: number;
}

/** Refuses a wait of a task for itself, which would never end. */
export function refuseSelf(node: TaskNode<unknown>): void {
  if (currentNode()?.origin !== node || node.done) return;
  throw new InvalidStateError(
    `Cannot wait for task "${node.name}": it would wait for itself`,
  );
}

function plan(
  task: Task,
  options: WaitForOutcomeOptions | undefined,
  what: string,
): Plan {
  const node = taskNode(task, what);
  const { completionEvent, cancelEvent, timeout, onStop, grace, signal } =
    optionsOf<WaitForOutcomeOptions>(options, what, NAMES);
  const source = (value: unknown, name: string) =>
    value === undefined ? undefined : toSource(value, name);
  const made: Plan = {
    node,
    completion: source(completionEvent, "completionEvent"),
    cancel: source(cancelEvent, "cancelEvent"),
    ms: duration(timeout, "timeout"),
    waiter: givenOrCaller(signal, what),
    stops: oneOf(onStop ?? "cancel", ["cancel", "leave"], "onStop") ===
      "cancel",
    grace: grace === undefined ? 1000 : duration(grace, "grace"),
  };
  refuseSelf(node);
  return made;
}

async function carryOut(made: Plan, looks: boolean): Promise<Ending> {
  const { node, completion, cancel, ms, waiter, stops, grace } = made;
  try {
    const ending = await watch({
      task: node,
      cancel,
      completion,
      ms,
      waiter,
      looks,
    });
    const record = ending.by === "cancel"
      ? comesDown(cancel, ending.record)
      : ending.by === "timeout"
      ? new Cancellation(
        "timeout",
        `waited ${ms} ms`,
        currentNode()?.origin,
        undefined,
      )
      : undefined;
    if (record === undefined || !stops) return ending;
    cancelTree(node, record);
    await watch({ task: node, ms: grace, waiter });
    return ending;
  } catch (error) {
    const record = recordOf(waiter);
    if (record !== undefined && stops) {
      cancelTree(node, comesDown(waiter, record));
    }
    throw error;
  }
}

/**
 * Waits for a task under control of events, and tells how the wait ended.
 *
 * - No polling: an idle wait costs nothing, and a wake takes microtasks.
 * - Within one tick the order is: settled, cancel, completion, timeout.
 * - The waiter's own cancellation always rejects; it is no outcome.
 * - A value that arrives after a timeout doesn't change the outcome; it stays
 *   on the task.
 * - An event that was set and cleared again is not missed.
 *
 * @example
 * A wait with a time limit
 * ```ts
 * import { createTask, waitForOutcome } from "@mdc/tasks";
 *
 * const task = createTask((context) => context.sleep(60_000));
 * const outcome = await waitForOutcome(task, { timeout: 5 });
 * console.log(outcome.status); // "timed-out"
 * console.log(task.status); // "cancelled"
 * console.log(task.reason?.kind); // "timeout"
 * ```
 *
 * @typeParam T What the task completes with.
 * @param task The task to wait for.
 * @param options The events, the time, and what happens to the task.
 * @returns How the wait ended. Rejects only with the waiter's cancellation.
 * @throws {TypeError} If `task` is no task, or an option has the wrong type.
 * @throws {RangeError} If a time is `NaN` or negative.
 * @throws {InvalidStateError} If a task would wait for itself.
 */
export function waitForOutcome<T>(
  task: Task<T>,
  options?: WaitForOutcomeOptions,
): Promise<WaitOutcome<T>> {
  const started = now();
  const made = plan(task, options, "waitForOutcome()");
  return quiet(
    carryOut(made, true).then((ending): WaitOutcome<T> => {
      const elapsed = now() - started;
      switch (ending.by) {
        case "settled":
          return { ...task.outcome(), elapsed };
        case "cancel":
          return { status: "cancelled", reason: ending.record.reason, elapsed };
        case "completion":
          return { status: "signalled", elapsed };
        case "timeout":
          return { status: "timed-out", elapsed };
      }
    }),
  );
}

/**
 * Waits for a task under control of events: the seed's function, as a
 * shorthand for {@linkcode waitForOutcome}.
 *
 * A failure of the task gives `false` and is not lost: unless somebody looks
 * at the task, its owner reports it.
 *
 * @example
 * Stopped by an event
 * ```ts
 * import { AsyncEvent, createTask, waitWithCancellation } from "@mdc/tasks";
 *
 * const cancelEvent = new AsyncEvent();
 * const task = createTask((context) => context.sleep(60_000));
 * setTimeout(() => cancelEvent.set(), 5);
 *
 * console.log(await waitWithCancellation(task, { cancelEvent })); // false
 * console.log(task.cancelled); // true
 * ```
 *
 * @param task The task to wait for.
 * @param options The events, the time, and what happens to the task.
 * @returns `true` if the task completed or the completion event came first,
 * `false` if it failed, was cancelled, or the time was over. Rejects only with
 * the waiter's own cancellation.
 * @throws {TypeError} If `task` is no task, or an option has the wrong type.
 * @throws {RangeError} If a time is `NaN` or negative.
 * @throws {InvalidStateError} If a task would wait for itself.
 */
export function waitWithCancellation(
  task: Task,
  options?: WaitForOutcomeOptions,
): Promise<boolean> {
  const made = plan(task, options, "waitWithCancellation()");
  return quiet(
    carryOut(made, false).then(({ by }) =>
      by === "completion" || (by === "settled" && task.status === "completed")
    ),
  );
}
