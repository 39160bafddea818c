import type { CancelNode } from "../core/node.ts";
import type { Progress } from "../progress/progress.ts";
import { progressFor } from "../progress/task_progress.ts";
import { abortableIn } from "../waits/abortable.ts";
import { checkpointIn } from "../waits/checkpoint.ts";
import { sleepIn, sleepTime } from "../waits/sleep.ts";

/**
 * A task's own side of it: what a body gets as its argument. Its methods may
 * be taken apart (`async ({ signal, sleep }) => …`); they use the task's
 * signal wherever they are called.
 *
 * @example A body that uses its context
 * ```ts
 * import { createTask } from "@mdc/tasks";
 * import { assertEquals } from "@std/assert";
 *
 * const task = createTask(async ({ name, checkpoint, progress }) => {
 *   progress.update({ total: 3 });
 *   for (let i = 0; i < 3; i++) {
 *     await checkpoint();
 *     progress.advance();
 *   }
 *   return `${name}: ${progress.completed}`;
 * }, { name: "count" });
 * assertEquals(await task, "count: 3");
 * ```
 */
export interface TaskContext {
  /** Aborts when the task is cancelled. Hand it to whatever takes a signal. */
  readonly signal: AbortSignal;
  /** The task's name. */
  readonly name: string;
  /** Lets others have a turn and notices a cancellation of the task. */
  readonly checkpoint: () => Promise<void>;
  /** Waits for `ms` milliseconds, or until the task is cancelled. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Waits for a promise, or until the task is cancelled. */
  readonly abortable: <T>(promise: PromiseLike<T>) => Promise<T>;
  /** How far the task is. Final when the task ends. */
  readonly progress: Progress;
}

/**
 * The body of a task: an async function, or any function, that gets the
 * task's own side of it.
 *
 * @typeParam T What the body returns.
 */
export type TaskBody<T> = (context: TaskContext) => T | PromiseLike<T>;

/** The context of a node whose name is known. */
export class NodeContext implements TaskContext {
  readonly #node: CancelNode & { readonly name: string };

  constructor(node: CancelNode & { readonly name: string }) {
    this.#node = node;
  }
  get signal(): AbortSignal {
    return this.#node.signal;
  }
  get name(): string {
    return this.#node.name;
  }
  get checkpoint(): () => Promise<void> {
    return () => checkpointIn(this.#node);
  }
  get sleep(): (ms: number) => Promise<void> {
    return (ms) => sleepIn(this.#node, sleepTime(ms));
  }
  get abortable(): <T>(promise: PromiseLike<T>) => Promise<T> {
    return (promise) => abortableIn(this.#node, promise);
  }
  get progress(): Progress {
    return progressFor(this.#node);
  }
}
