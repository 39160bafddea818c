import {
  abortable,
  AsyncEvent,
  bindTask,
  type CancelParent,
  createTask,
  currentTime,
  moveOnAfter,
  type Task,
  type TaskContext,
  type WaitOptions,
} from "../../mod.ts";
import { optionsOf } from "./arguments.ts";

/** Who owns the calls of a paced handler, and what they are called. */
export interface PacedOptions {
  /** The name of the task that calls the handler. Default: the handler's. */
  name?: string | undefined;
  /**
   * The task, context, scope or group that owns the calls. Default: the scope
   * in which the handler was made, wherever it is called from; outside of
   * tasks nobody.
   */
  parent?: Task | TaskContext | CancelParent | undefined;
}

/**
 * A handler that is called less often than its callers call it. Its calls are
 * a task of the owner, who cancels what is pending and is told of failures.
 *
 * @typeParam A What the handler takes.
 */
export interface Paced<A extends unknown[]> {
  /** Asks for a call of the handler, with the latest arguments. */
  (...args: A): void;
  /** Whether a call is due or running. */
  readonly pending: boolean;
  /**
   * Makes the call that is due now, and waits for it.
   *
   * @param options Whose cancellation ends the wait.
   * @returns A promise that resolves when nothing is pending. It rejects with
   * what the handler throws, and with the cancellation.
   */
  flush(options?: WaitOptions): Promise<void>;
  /**
   * Cancels the call that is due or running.
   *
   * @param reason Why: a text, or an `Error` that is passed on as it is.
   * @returns Whether there was one.
   */
  cancel(reason?: string | Error): boolean;
  /** Cancels what is pending, for `using`. */
  [Symbol.dispose](): void;
}

/** When the next call is due. */
export interface Pace {
  /** Somebody asks at `now`; `pending` says whether a call is due already. */
  asked(now: number, pending: boolean): void;
  /** When the call that was asked for is due. */
  readonly due: number;
  /** The handler is called at `now`. */
  called(now: number): void;
}

/** A handler with the pace that it is called at. */
export interface Pacing<A extends unknown[]> extends PacedOptions {
  readonly handler: (...args: A) => unknown;
  readonly pace: Pace;
  /** Whether a call now is wanted at all. Default: always. */
  readonly wanted?: () => boolean;
}

/** Carries out what was asked for, until nothing is. */
class Run<A extends unknown[]> {
  latest: A | undefined;
  task: Task<void> | undefined = undefined;
  over = false;
  readonly hurry: AsyncEvent = new AsyncEvent();
  readonly #pacing: Pacing<A>;

  constructor(pacing: Pacing<A>, args: A) {
    this.#pacing = pacing;
    this.latest = args;
  }
  async carryOut(context: TaskContext): Promise<void> {
    const { handler, pace } = this.#pacing;
    try {
      // An owner that is cancelled makes no calls.
      if (context.cancelRequested) await context.checkpoint();
      while (this.latest !== undefined) {
        const left = pace.due - currentTime();
        if (left > 0 && !this.hurry.isSet) {
          await moveOnAfter(left, (scope) => this.hurry.wait(scope), {
            signal: context,
          });
          continue;
        }
        const args = this.latest;
        this.latest = undefined;
        this.hurry.clear();
        pace.called(currentTime());
        await context.bind(() => handler(...args))();
      }
    } finally {
      this.over = true;
    }
  }
}

/** Makes a handler that is called at some pace. */
export function paced<A extends unknown[]>(pacing: Pacing<A>): Paced<A> {
  const { handler, pace, wanted, parent } = pacing;
  const name = pacing.name ?? (handler.name || "handler");
  let run: Run<A> | undefined;
  const make = (run: Run<A>): Task<void> =>
    createTask(
      (context) => run.carryOut(context),
      parent === undefined ? { name } : { name, parent },
    );
  const start = parent === undefined ? bindTask(make) : make;

  const call = (...args: A): void => {
    if (wanted?.() === false) return;
    pace.asked(currentTime(), isPending() && run!.latest !== undefined);
    if (isPending()) run!.latest = args;
    else {
      const begun = run = new Run(pacing, args);
      begun.task = start(begun);
    }
  };
  const isPending = () => run !== undefined && !run.over;
  const flush = async (options?: WaitOptions): Promise<void> => {
    const { signal } = optionsOf<WaitOptions>(options, "flush()", ["signal"]);
    const task = run?.task;
    if (!isPending() || task === undefined) return;
    if (run!.latest !== undefined) run!.hurry.set();
    await abortable(task, signal === undefined ? undefined : { signal });
  };
  const cancel = (reason?: string | Error): boolean => {
    if (!isPending()) return false;
    const { task } = run!;
    // Who asks again in this tick gets a call.
    run = undefined;
    return task?.cancel(reason) ?? false;
  };
  const given = Object.assign(call, {
    flush,
    cancel,
    [Symbol.dispose]: () => void cancel("disposed"),
  });
  return Object.defineProperty(given, "pending", {
    get: isPending,
  }) as Paced<A>;
}
