import { progressFor } from "./_task_progress.ts";
import { TaskNode } from "./_task_node.ts";
import { show } from "./_validate.ts";
import { Progress, putWhole } from "./progress.ts";
import type { Task } from "./task.ts";

/** Keeps the progress of a whole up to date with that of its parts. */
export class ProgressSum {
  readonly whole: Progress = new Progress();
  readonly #parts = new Set<Progress>();
  #sealed = false;

  /** Adds one more part; a part that is added twice counts once. */
  add(part: Progress | Task): void {
    const progress = part instanceof TaskNode ? progressFor(part) : part;
    if (!(progress instanceof Progress)) {
      throw new TypeError(
        `Cannot aggregate progress: expected a Progress or a Task, received ${
          show(part)
        }`,
      );
    }
    if (this.#parts.has(progress)) return;
    this.#parts.add(progress);
    progress.subscribe(() => this.#sum());
    this.#sum();
  }

  /** No more parts will come: the whole ends when the last of them has. */
  seal(): void {
    this.#sealed = true;
    this.#finish();
  }

  #sum(): void {
    if (this.whole.status !== "running") return;
    const parts = [...this.#parts];
    let completed = 0;
    let total: number | undefined = 0;
    for (const part of parts) {
      completed += part.completed;
      total = total === undefined || part.total === undefined
        ? undefined
        : total + part.total;
    }
    if (total === undefined) {
      // Units of different work don't add up: parts are counted instead.
      completed = parts.filter((part) => part.status !== "running").length;
      total = parts.length;
    }
    putWhole(this.whole, { completed, total });
    this.#finish();
  }

  #finish(): void {
    if (!this.#sealed || this.whole.status !== "running") return;
    const ended = new Set([...this.#parts].map((part) => part.status));
    if (ended.has("running")) return;
    this.whole.finish(
      ended.has("failed")
        ? "failed"
        : ended.has("cancelled")
        ? "cancelled"
        : "completed",
    );
  }
}

/**
 * The progress of several pieces of work as one: sums of what is done and of
 * the totals. As long as a part doesn't know its total, parts are counted
 * instead. It ends when all parts have ended: failed if one failed, cancelled
 * if one was cancelled.
 *
 * A tracker has this for its tasks: `tracker.progress`.
 *
 * @example Two downloads as one
 * ```ts
 * import { aggregateProgress, Progress } from "@mdc/tasks";
 * import { assertEquals } from "@std/assert";
 *
 * const one = new Progress({ total: 3 });
 * const two = new Progress({ total: 1 });
 * const whole = aggregateProgress([one, two]);
 * one.advance();
 * assertEquals(whole.fraction, 0.25);
 * ```
 *
 * @param parts Progresses, or tasks.
 * @returns The progress of the whole.
 * @throws {TypeError} If a part is neither.
 */
export function aggregateProgress(parts: Iterable<Progress | Task>): Progress {
  const sum = new ProgressSum();
  for (const part of parts) sum.add(part);
  sum.seal();
  return sum.whole;
}
