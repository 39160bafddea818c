import { InvalidStateError } from "../errors.ts";
import { defined } from "./shapes.ts";
import { tellUnobserved } from "./unobserved.ts";
import { cancelTree } from "./cancel_tree.ts";
import type { Cancellation } from "./cancellation.ts";
import { epoch, later, now, schedule } from "./clock.ts";
import { onEnd } from "./end.ts";
import { whoIs } from "./failures.ts";
import { follow } from "./follow.ts";
import { LOOKED } from "./node.ts";
import type { Source } from "./source.ts";
import type { TaskNode } from "./task_node.ts";

/** What became of one task that was asked to stop. */
export interface SweptTask {
  /** The task's name. */
  readonly name: string;
  /** The task's id. */
  readonly id: number;
  /**
   * How it ended: `"completed"` ignored the request or was ready before,
   * `"failed"` threw, `"stuck"` has not ended in time.
   */
  readonly status: "cancelled" | "completed" | "failed" | "stuck";
  /** How long it took from the request on, in milliseconds. */
  readonly elapsed: number;
  /** What it failed with, if it failed. */
  readonly error?: unknown;
  /** Since when it was asked to stop, in milliseconds since the epoch. */
  readonly since: number;
  /**
   * Where the task was created, as lines of a stack. Only known with
   * `configure({ creationSites: true })`.
   */
  readonly place?: string;
}

/** Tells what became of a task; a failure counts as reported by this. */
export function describeSwept(
  task: TaskNode<unknown>,
  elapsed: number,
): SweptTask {
  const since = task.record?.at ?? epoch();
  const base = { ...whoIs(task), elapsed, since };
  if (!task.done) return { ...base, status: "stuck" };
  const { status } = task;
  if (status !== "failed") return { ...base, status } as SweptTask;
  task.bits |= LOOKED;
  return { ...base, status, error: task.error };
}

/** Reports a task that failed or is stuck where nobody reads a report. */
export function reportSwept(task: SweptTask): void {
  const { name, id, status, elapsed, place } = task;
  if (status !== "failed" && status !== "stuck") return;
  const error = status === "failed" ? task.error : new InvalidStateError(
    `Cannot end task "${name}": it is still running ${
      Math.round(elapsed)
    } ms after it was cancelled`,
  );
  tellUnobserved({ ...defined({ name, id, place }), error });
}

/**
 * Cancels tasks all at once and waits for their end under one deadline, until
 * it is quiet: tasks that appear meanwhile are taken too.
 */
export class Sweep {
  readonly #record: Cancellation;
  readonly #reports: boolean;
  readonly #taken = new Map<TaskNode<unknown>, { from: number; to?: number }>();
  readonly #releases: (() => void)[] = [];
  #pending = 0;
  /** The cancellation of whoever waits without a limit. */
  #stopped: Cancellation | undefined = undefined;
  #wake: () => void = () => {};

  /**
   * @param record What the tasks are cancelled with.
   * @param options `reports: false` if nobody reads the report: then failures
   * go to their owners or to the hook, as if there were no sweep.
   */
  constructor(record: Cancellation, options?: { readonly reports: boolean }) {
    this.#record = record;
    this.#reports = options?.reports ?? true;
  }

  /**
   * Takes all of them before it cancels any: whoever hangs below another one
   * gets it from there, in the order that groups and shields keep.
   */
  take(tasks: Iterable<TaskNode<unknown>>): void {
    const added = [...tasks].filter((task) => this.#watch(task));
    for (const task of added) {
      if (!this.#comesDownTo(task)) cancelTree(task, this.#record);
    }
  }

  #comesDownTo(task: TaskNode<unknown>): boolean {
    let at = task.parent;
    while (at !== undefined && !this.#taken.has(at)) at = at.parent;
    return at !== undefined;
  }

  /**
   * Takes a task that was started while the sweep runs. It is cancelled in a
   * later macrotask: one that starts itself anew whenever it is cancelled would
   * otherwise keep the deadline from ever coming.
   */
  takeLate(task: TaskNode<unknown>): void {
    if (this.#watch(task)) later(() => cancelTree(task, this.#record));
  }

  /** Whether the task is new to the sweep and has to be cancelled. */
  #watch(task: TaskNode<unknown>): boolean {
    if (this.#taken.has(task)) return false;
    const time: { from: number; to?: number } = { from: now() };
    this.#taken.set(task, time);
    if (task.done) return false;
    this.#pending++;
    this.#releases.push(onEnd(task, () => {
      this.#pending--;
      time.to = now();
      // Its failure, if it is one, is told by the report and nowhere else.
      if (this.#reports) task.bits |= LOOKED;
      if (this.#pending === 0) this.#wake();
    }));
    return true;
  }

  /**
   * Takes what `find` finds, again and again until nothing new is found or the
   * time is over. Without a limit the cancellation of `waiter` ends it.
   */
  async run(
    find: () => Iterable<TaskNode<unknown>>,
    ms: number,
    waiter?: Source,
  ): Promise<SweptTask[]> {
    let expired = ms === 0;
    const disarm = ms === 0 || ms === Infinity ? undefined : schedule(
      () => {
        expired = true;
        this.#wake();
      },
      ms,
    );
    const unfollow = follow(ms === Infinity ? waiter : undefined, (record) => {
      this.#stopped = record;
      this.#wake();
    });
    try {
      for (let last = false;;) {
        const before = this.#taken.size;
        this.take(find());
        if (last) break;
        if (this.#taken.size === before && this.#pending === 0) break;
        if (this.#pending > 0 && !expired && this.#stopped === undefined) {
          await new Promise<void>((resolve) => this.#wake = resolve);
        }
        if (this.#stopped !== undefined) throw this.#stopped.error;
        last = expired;
        // What an ending task leaves behind shows after its last reactions.
        await new Promise<void>((resolve) => later(resolve));
      }
    } catch (error) {
      // No report tells of those that failed meanwhile.
      for (const task of this.#describe()) {
        if (task.status === "failed") reportSwept(task);
      }
      throw error;
    } finally {
      disarm?.();
      unfollow();
      for (const release of this.#releases) release();
    }
    return this.#reports ? this.#describe() : [];
  }

  #describe(): SweptTask[] {
    const end = now();
    return [...this.#taken].map(([task, { from, to = end }]) =>
      describeSwept(task, to - from)
    );
  }
}
