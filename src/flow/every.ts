import {
  CancelScope,
  createTask,
  currentTime,
  type TaskContext,
  TaskGroup,
  type WaitOptions,
} from "../../mod.ts";
import {
  callable,
  flag,
  oneOf,
  optionalText,
  optionsOf,
  period,
} from "./arguments.ts";
import { quietly } from "./quiet.ts";

/** What the body of {@linkcode every} knows of the time it is called for. */
export interface Tick {
  /** Its number, from 0 on; those that were left out count. */
  readonly index: number;
  /** When it was due, on the clock of `currentTime()`. */
  readonly due: number;
  /** How many were left out since the last call. */
  readonly skipped: number;
}

/** The body of {@linkcode every}. */
export type EveryBody = (context: TaskContext, tick: Tick) => unknown;

/** Options of {@linkcode every}. */
export interface EveryOptions extends WaitOptions {
  /** The name of the tasks, which get a number each. Default: the body's. */
  name?: string | undefined;
  /** Whether the first call is made at once. Default: `false`, after `ms`. */
  immediate?: boolean | undefined;
  /**
   * What happens when a call is due while the last one runs: it is left out
   * (`"skip"`, the default), made afterwards (`"queue"`), or made at once
   * (`"parallel"`).
   */
  overlap?: "skip" | "queue" | "parallel" | undefined;
  /**
   * What happens to calls whose time has passed while nothing could run: the
   * machine slept, or a loop didn't wait. They are left out (`"skip"`, the
   * default), or made up for one after the other (`"run"`).
   */
  missed?: "skip" | "run" | undefined;
}

interface Plan extends Required<Pick<EveryOptions, "overlap" | "missed">> {
  readonly ms: number;
  readonly name: string;
  readonly immediate: boolean;
}

/** The times at which calls are due: all on one grid, so that none drifts. */
class Grid {
  readonly #plan: Plan;
  readonly #start: number;
  #index: number;
  #skipped = 0;
  /** Calls due up to here are made, however late. */
  #owed = -Infinity;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#index = plan.immediate ? 0 : 1;
    this.#start = currentTime();
  }
  get #due(): number {
    return this.#start + this.#index * this.#plan.ms;
  }
  /** The last one whose time has come. */
  get #passed(): number {
    return Math.floor((currentTime() - this.#start) / this.#plan.ms);
  }
  /** Waits until a call is due. */
  async next({ sleep, checkpoint }: TaskContext): Promise<Tick> {
    if (this.#due > currentTime()) {
      // A timer may fire a little early.
      while (this.#due > currentTime()) await sleep(this.#due - currentTime());
      if (this.#plan.missed === "run") this.#owed = currentTime();
      else this.#skipTo(this.#passed);
    } else await checkpoint();
    const first = this.#plan.immediate ? 0 : 1;
    const tick = {
      index: this.#index - first,
      due: this.#due,
      skipped: this.#skipped,
    };
    this.#skipped = 0;
    this.#index++;
    return tick;
  }
  /** Leaves out what came due while a call ran. */
  skipPassed(): void {
    if (this.#due > this.#owed) this.#skipTo(this.#passed + 1);
  }
  #skipTo(index: number): void {
    if (index <= this.#index) return;
    this.#skipped += index - this.#index;
    this.#index = index;
  }
}

async function inTurn(
  body: EveryBody,
  context: TaskContext,
  plan: Plan,
): Promise<never> {
  const grid = new Grid(plan);
  for (;;) {
    const tick = await grid.next(context);
    await createTask((own) => body(own, tick), {
      name: `${plan.name} #${tick.index}`,
      parent: context,
    });
    if (plan.overlap === "skip") grid.skipPassed();
  }
}

async function atOnce(
  body: EveryBody,
  context: TaskContext,
  plan: Plan,
): Promise<void> {
  const grid = new Grid(plan);
  const name = plan.name;
  try {
    await TaskGroup.run(async (group, inside) => {
      for (;;) {
        const tick = await grid.next(inside);
        group.spawn((own) => body(own, tick), {
          name: `${name} #${tick.index}`,
        });
      }
    }, { name, signal: context });
  } catch (error) {
    // As a body that is called in turn: its own error, if it is the only one.
    if (error instanceof AggregateError && error.errors.length === 1) {
      throw error.errors[0];
    }
    throw error;
  }
}

/**
 * Calls `body` every `ms` milliseconds until it is cancelled or `body` throws.
 * It doesn't drift: all calls lie on one grid, however long each takes.
 *
 * - Each call is a task of its own, with a name and a number: one that never
 *   ends is known by them. While it runs, calls are left out, queued or made
 *   all the same, as `overlap` says.
 * - It is a wait: for something to run beside other work, put it into a task,
 *   or into a group as a service.
 *
 * @example
 * A heartbeat beside the work
 * ```ts
 * import { sleep, TaskGroup } from "@mdc/tasks";
 * import { every } from "@mdc/tasks/flow";
 * import { withVirtualClock } from "@mdc/tasks/testing";
 *
 * await withVirtualClock(async (clock) => {
 *   const beats: number[] = [];
 *   await TaskGroup.run(async (group) => {
 *     group.spawn(() => every(100, () => beats.push(clock.now)), {
 *       name: "heartbeat",
 *       service: true,
 *     });
 *     await sleep(350);
 *   });
 *   console.log(beats); // [100, 200, 300]
 * });
 * ```
 *
 * @param ms The interval, in milliseconds: above 0.
 * @param body What to call; it gets its task's context.
 * @param options When it begins, and what happens to calls that can't be made.
 * @returns A promise that never resolves. It rejects with what `body` threw,
 * and with the cancellation of the signal (or of the current task).
 * @throws {TypeError} If `body` is no function, or an option is unknown or of
 * the wrong type.
 * @throws {RangeError} If `ms` is not above 0, or infinite.
 */
export function every(
  ms: number,
  body: EveryBody,
  options?: EveryOptions,
): Promise<never> {
  period(ms, "the interval of every()");
  callable(body, "the body of every()");
  const given = optionsOf<EveryOptions>(options, "every()", [
    "name",
    "immediate",
    "overlap",
    "missed",
    "signal",
  ]);
  const { name, immediate = false, overlap = "skip", missed = "skip", signal } =
    given;
  optionalText(name, "name");
  flag(immediate, "immediate");
  oneOf(overlap, ["skip", "queue", "parallel"], "overlap");
  oneOf(missed, ["skip", "run"], "missed");
  const called = name ?? (body.name || `every(${ms})`);
  const plan = { ms, name: called, immediate, overlap, missed };
  const scope = new CancelScope({ name: called, signal });
  const loop = overlap === "parallel" ? atOnce : inTurn;
  return quietly(
    () => scope.run((context) => loop(body, context, plan)) as Promise<never>,
    signal,
  );
}
