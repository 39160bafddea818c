import type { Cancellation } from "./_cancellation.ts";
import { clock } from "./_clock.ts";
import { cancelTree, LOOKED } from "./_node.ts";
import { onEnd, type TaskNode } from "./_task_node.ts";
import { afterTick } from "./_watch.ts";
import { InvalidStateError } from "./errors.ts";
import { settings } from "./settings.ts";

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
}

/** Tells what became of a task; a failure counts as reported by this. */
export function describeSwept(
  task: TaskNode<unknown>,
  elapsed: number,
): SweptTask {
  const { name, id, status } = task;
  const since = task.record?.at ?? clock.epoch();
  const base = { name, id, elapsed, since };
  if (!task.done) return { ...base, status: "stuck" };
  if (status === "failed") {
    task.bits |= LOOKED;
    return { ...base, status, error: task.error };
  }
  return { ...base, status: status as "cancelled" | "completed" };
}

/** Reports a task that failed or is stuck where nobody reads a report. */
export function reportSwept(task: SweptTask): void {
  const { name, id, status, elapsed } = task;
  if (status === "failed") {
    settings.onUnobservedFailure({ name, id, error: task.error });
  } else if (status === "stuck") {
    const error = new InvalidStateError(
      `Cannot end task "${name}": it is still running ${
        Math.round(elapsed)
      } ms after it was cancelled`,
    );
    settings.onUnobservedFailure({ name, id, error });
  }
}

/**
 * Cancels tasks all at once and waits for their end under one deadline, until
 * it is quiet: tasks that appear meanwhile are taken too.
 */
export class Sweep {
  readonly #record: Cancellation;
  readonly #taken = new Map<TaskNode<unknown>, number>();
  readonly #ends = new Map<TaskNode<unknown>, number>();
  readonly #releases: (() => void)[] = [];
  #pending = 0;
  #wake: () => void = () => {};

  constructor(record: Cancellation) {
    this.#record = record;
  }

  take(task: TaskNode<unknown>): void {
    if (this.#taken.has(task)) return;
    this.#taken.set(task, clock.now());
    if (task.done) return;
    this.#pending++;
    this.#releases.push(onEnd(task, () => {
      this.#pending--;
      this.#ends.set(task, clock.now());
      if (this.#pending === 0) this.#wake();
    }));
    cancelTree(task, this.#record);
  }

  /** Takes what `find` finds, again and again until nothing new is found. */
  async run(
    find: () => Iterable<TaskNode<unknown>>,
    ms: number,
  ): Promise<SweptTask[]> {
    let expired = ms === 0;
    const disarm = ms === 0 || ms === Infinity ? undefined : clock.schedule(
      () => {
        expired = true;
        this.#wake();
      },
      ms,
    );
    try {
      for (;;) {
        const before = this.#taken.size;
        for (const task of find()) this.take(task);
        if (this.#taken.size === before && this.#pending === 0) break;
        if (this.#pending > 0 && !expired) {
          await new Promise<void>((resolve) => this.#wake = resolve);
        }
        // What an ending task leaves behind shows after its last reactions.
        await new Promise<void>(afterTick);
        if (expired && this.#pending > 0) break;
      }
    } finally {
      disarm?.();
      for (const release of this.#releases) release();
    }
    const now = clock.now();
    return [...this.#taken].map(([task, start]) =>
      describeSwept(task, (this.#ends.get(task) ?? now) - start)
    );
  }
}
