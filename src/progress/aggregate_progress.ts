import { isTaskNode } from "../core/task_node.ts";
import { iterable, unexpected } from "../core/validate.ts";
import { type Task, taskNode } from "../task/task.ts";
import { Progress, putWhole } from "./progress.ts";
import { progressFor } from "./task_progress.ts";

/** Keeps the progress of a whole up to date with that of its parts. */
export class ProgressSum {
  readonly whole: Progress = new Progress();
  readonly #parts = new WeakSet<Progress>();
  #count = 0;
  #running = 0;
  #failed = 0;
  #cancelled = 0;
  /** How many parts don't know their total. */
  #open = 0;
  #completed = 0;
  #total = 0;
  #sealed = false;

  /** Adds one more part; a part that is added twice counts once. */
  add(part: Progress | Task): void {
    const progress = isTaskNode(part) ? progressFor(part) : part;
    if (!(progress instanceof Progress)) {
      throw unexpected("aggregate progress", "a Progress or a Task", part);
    }
    if (this.#parts.has(progress)) return;
    this.#parts.add(progress);
    const account = this.#accountOf(progress);
    progress.subscribe(account);
    account();
  }

  /** No more parts will come: the whole ends when the last of them has. */
  seal(): void {
    this.#sealed = true;
    this.#finish();
  }

  /**
   * What brings the sums up to date with one part. Only differences are
   * added, so that a change costs the same however many parts there are.
   */
  #accountOf(part: Progress): () => void {
    let completed = 0;
    let total: number | undefined;
    let running = true;
    this.#count++;
    this.#running++;
    this.#open++;
    return () => {
      this.#completed += part.completed - completed;
      completed = part.completed;
      if (part.total !== undefined) {
        if (total === undefined) this.#open--;
        this.#total += part.total - (total ?? 0);
        total = part.total;
      }
      if (running && part.status !== "running") {
        running = false;
        this.#running--;
        if (part.status === "failed") this.#failed++;
        if (part.status === "cancelled") this.#cancelled++;
      }
      this.#put();
    };
  }

  #put(): void {
    if (this.whole.status !== "running") return;
    // Units of different work don't add up: parts are counted instead.
    putWhole(
      this.whole,
      this.#open === 0
        ? { completed: this.#completed, total: this.#total }
        : { completed: this.#count - this.#running, total: this.#count },
    );
    this.#finish();
  }

  #finish(): void {
    if (!this.#sealed || this.whole.status !== "running") return;
    if (this.#running > 0) return;
    this.whole.finish(
      this.#failed > 0
        ? "failed"
        : this.#cancelled > 0
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
 * @throws {TypeError} If `parts` is no iterable or a part is neither.
 */
export function aggregateProgress(parts: Iterable<Progress | Task>): Progress {
  iterable(parts, "aggregate progress", "parts");
  const sum = new ProgressSum();
  for (const part of parts) sum.add(part);
  sum.seal();
  return sum.whole;
}

/**
 * The progress of a task, seen from outside: what its body knows as
 * `context.progress`.
 *
 * @example Watching a task
 * ```ts
 * import { createTask, progressOf } from "@mdc/tasks";
 * import { assertEquals } from "@std/assert";
 *
 * const task = createTask(async ({ progress }) => {
 *   progress.update({ total: 2, completed: 2 });
 * });
 * await task;
 * assertEquals(progressOf(task).fraction, 1);
 * assertEquals(progressOf(task).status, "completed");
 * ```
 *
 * @param task The task.
 * @returns Its progress; final when the task ends.
 * @throws {TypeError} If it is no task.
 */
export function progressOf(task: Task): Progress {
  return progressFor(taskNode(task, "progressOf()"));
}
