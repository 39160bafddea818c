import { now } from "../core/clock.ts";
import { innermost, runIn } from "../core/current.ts";
import { alive, CANCELLING, type CancelNode, SHIELDED } from "../core/node.ts";
import { isScopeNode } from "../core/scope_node.ts";
import type { TaskNode } from "../core/task_node.ts";
import { callable } from "../core/validate.ts";
import { isCancellationAt } from "../is_cancellation.ts";
import type { Progress } from "../progress/progress.ts";
import { progressFor } from "../progress/task_progress.ts";
import { abortableBy, type ContextAbortable } from "../waits/abortable.ts";
import { checkpointIn } from "../waits/checkpoint.ts";
import { sleepIn, sleepTime } from "../waits/sleep.ts";

/**
 * A task's own side of it: what a body gets as its argument.
 *
 * Its members may be taken apart (`async ({ signal, sleep }) => …`). Each
 * answers, when it is called, for the innermost scope that runs, if that lies
 * in the task: an outer `sleep` in the body of `failAfter` is cut by its limit.
 * A `signal` that was read before the scope began stays what it was.
 *
 * @example
 * A body that uses its context
 * ```ts
 * import { createTask } from "@mdc/tasks";
 *
 * const task = createTask(async ({ name, checkpoint, progress }) => {
 *   progress.update({ total: 3 });
 *   for (let i = 0; i < 3; i++) {
 *     await checkpoint();
 *     progress.advance();
 *   }
 *   return `${name}: ${progress.completed}`;
 * }, { name: "count" });
 * console.log(await task); // "count: 3"
 * ```
 */
export interface TaskContext {
  /** Aborts when the task is cancelled. Hand it to whatever takes a signal. */
  readonly signal: AbortSignal;
  /** The task's name (in a scope's context, the scope's). */
  readonly name: string;
  /** Whether the task's cancellation was requested. */
  readonly cancelRequested: boolean;
  /** Lets others have a turn and notices a cancellation of the task. */
  readonly checkpoint: () => Promise<void>;
  /** Waits for `ms` milliseconds, or until the task is cancelled. */
  readonly sleep: (ms: number) => Promise<void>;
  /**
   * Waits for a promise, or until the task is cancelled; iterates an async
   * iterable or a stream in the same way.
   */
  readonly abortable: ContextAbortable;
  /** How far the task is. Final when the task ends. */
  readonly progress: Progress;
  /**
   * How many milliseconds the nearest deadline leaves; `Infinity` without one.
   */
  readonly timeLeft: () => number;
  /** Whether an error is a cancellation that was asked of this code. */
  readonly isCancellation: (error: unknown) => boolean;
  /** Throws an error on if it is a cancellation that was asked of this code. */
  readonly rethrowCancellation: (error: unknown) => void;
  /**
   * Makes a function that runs here, wherever it is called: for callbacks from
   * outside, which have no owner or the wrong one. See `bindTask()`.
   */
  readonly bind: <A extends unknown[], R>(
    callback: (...args: A) => R,
  ) => (...args: A) => R;
}

/**
 * The body of a task: an async function, or any function, that gets the
 * task's own side of it.
 *
 * @typeParam T What the body returns.
 */
export type TaskBody<T> = (context: TaskContext) => T | PromiseLike<T>;

/** How long the nearest deadline above a node leaves, in milliseconds. */
export function timeLeftAt(node: CancelNode): number {
  let nearest = Infinity;
  for (let at: CancelNode | null = node; at !== null; at = at.up) {
    if (isScopeNode(at)) nearest = Math.min(nearest, at.deadline, at.graceEnds);
    // What lies outside of a shield doesn't reach in.
    if ((at.bits & SHIELDED) !== 0) break;
  }
  return nearest === Infinity ? Infinity : Math.max(0, nearest - now());
}

/** Makes a function that runs at `node`, or at what is alive above it. */
export function bindTo<A extends unknown[], R>(
  node: CancelNode,
  callback: (...args: A) => R,
): (...args: A) => R {
  callable(callback, "the function to bind");
  return function (this: unknown, ...args: A): R {
    return runIn(alive(node), () => callback.apply(this, args));
  };
}

/** The context of a node whose name is known. */
export class NodeContext implements TaskContext {
  readonly #node: CancelNode & { readonly name: string };

  constructor(node: CancelNode & { readonly name: string }) {
    this.#node = node;
  }
  /** Internal: what others listen to, and hang on. */
  get "~node"(): CancelNode {
    return innermost(this.#node);
  }
  get signal(): AbortSignal {
    return innermost(this.#node).signal;
  }
  get name(): string {
    return this.#node.name;
  }
  get cancelRequested(): boolean {
    const task = this.#node.origin as TaskNode<unknown> | undefined;
    return ((task ?? this.#node).bits & CANCELLING) !== 0;
  }
  get checkpoint(): () => Promise<void> {
    return () => checkpointIn(innermost(this.#node));
  }
  get sleep(): (ms: number) => Promise<void> {
    return (ms) => sleepIn(innermost(this.#node), sleepTime(ms));
  }
  get abortable(): ContextAbortable {
    return abortableBy(() => innermost(this.#node));
  }
  get progress(): Progress {
    return progressFor(this.#node);
  }
  get timeLeft(): () => number {
    return () => timeLeftAt(innermost(this.#node));
  }
  get isCancellation(): (error: unknown) => boolean {
    return (error) => isCancellationAt(error, innermost(this.#node));
  }
  get rethrowCancellation(): (error: unknown) => void {
    return (error) => {
      if (isCancellationAt(error, innermost(this.#node))) throw error;
    };
  }
  get bind(): <A extends unknown[], R>(
    callback: (...args: A) => R,
  ) => (...args: A) => R {
    return (callback) => bindTo(this.#node, callback);
  }
}
