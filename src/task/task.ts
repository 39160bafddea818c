import type { Cancellation } from "../core/cancellation.ts";
import { currentNode, nodeAt } from "../core/current.ts";
import { reportError } from "../core/failures.ts";
import { CallbackListener, listen, type Place } from "../core/node.ts";
import { optionsOf } from "../core/options.ts";
import type { CancelSource } from "../core/source.ts";
import { isTaskNode, type TaskNode } from "../core/task_node.ts";
import { callable, isThenable, unexpected } from "../core/validate.ts";
import type { TaskOutcome, TaskStatus } from "../outcome.ts";
import type { CancelReason } from "../reason.ts";
import type { TaskContext } from "./context.ts";
import { nodeOf, prepare, start } from "./start.ts";

/**
 * A started async function with an owner: a promise that knows its name, its
 * parent and its state, and that can be asked to stop.
 *
 * Make one with {@linkcode createTask}, a tracker or a group; `Task` itself is
 * no constructor. Everything that takes a `Promise` takes a task.
 *
 * @example
 * A task from start to end
 * ```ts
 * import { createTask } from "@mdc/tasks";
 *
 * const task = createTask(async (context) => {
 *   await context.sleep(5);
 *   return 42;
 * }, { name: "answer" });
 * console.log(task.status); // "running"
 * console.log(await task); // 42
 * console.log(task.status); // "completed"
 * console.log(task.outcome()); // { status: "completed", value: 42 }
 * ```
 *
 * @typeParam T What the body returns.
 */
export interface Task<T = unknown> extends Promise<T> {
  /** A number that no other task of this process has. */
  readonly id: number;
  /** The name it was given, or that of its body, or one made from its id. */
  readonly name: string;
  /**
   * The task that it belongs to: its cancellation reaches this task too. When
   * a parent ends first, the next ancestor that runs takes its place.
   */
  readonly parent: Task | undefined;
  /** What state it is in. */
  readonly status: TaskStatus;
  /** Whether it has ended, in whatever way. */
  readonly done: boolean;
  /** Whether it ended by cancellation. */
  readonly cancelled: boolean;
  /**
   * Whether its cancellation was requested. A completed task with this flag
   * was asked to stop and ignored it, or had its value ready.
   */
  readonly cancelRequested: boolean;
  /** Why its cancellation was requested, if it was. The first reason stays. */
  readonly reason: CancelReason | undefined;
  /** A signal that aborts when its cancellation is requested. */
  readonly signal: AbortSignal;
  /**
   * Asks the task and all its children to stop, and returns at once.
   *
   * @param reason Why: a text, or an `Error` that reaches everybody as it is.
   * @returns Whether the request was made, again or for the first time:
   * `false` if the task has ended.
   * @throws {TypeError} If `reason` is neither text nor `Error`.
   */
  cancel(reason?: string | Error): boolean;
  /**
   * The value it completed with.
   *
   * @returns The value.
   * @throws {InvalidStateError} While it is running.
   * @throws Its error if it failed, its cancellation if it was cancelled.
   */
  result(): T;
  /**
   * The error it failed with.
   *
   * @returns The error, or `undefined` if it completed.
   * @throws {InvalidStateError} While it is running.
   * @throws Its cancellation if it was cancelled.
   */
  exception(): unknown;
  /**
   * How it ended, as a union on `status`.
   *
   * @returns The outcome.
   * @throws {InvalidStateError} While it is running.
   */
  outcome(): TaskOutcome<T>;
  /**
   * Cancels the task and waits until it has ended. Doesn't throw: if the task
   * failed, its owner reports it.
   *
   * @returns A promise that resolves when the task has ended.
   */
  [Symbol.asyncDispose](): Promise<void>;
}

/** A scope or a group, as what a task can belong to. */
export interface CancelParent {
  /** Aborts when it is cancelled. */
  readonly signal: AbortSignal;
  /** Asks everything in it to stop. */
  cancel(reason?: string | Error): boolean;
}

/** The names of the options of a task. */
export const TASK_OPTIONS = ["name", "signal", "parent", "detached"] as const;

/** Options of {@linkcode createTask}. */
export interface TaskOptions {
  /** The name in reports and reasons. Default: the name of the body. */
  name?: string | undefined;
  /**
   * One more source whose cancellation cancels the task. Where the current
   * task isn't known, a task, scope or context is also what it belongs to;
   * `null` says that it belongs to nobody there.
   */
  signal?: CancelSource | null | undefined;
  /**
   * What it belongs to: a task, a task's or scope's context, a scope or a
   * group (which then owns it like any task; only `group.spawn()` makes it a
   * child whose failure the group takes up). Default: the current task.
   */
  parent?: Task | TaskContext | CancelParent | undefined;
  /**
   * Whether it belongs to no one: no parent's cancellation reaches it.
   * Default: `false`.
   */
  detached?: boolean | undefined;
}

/** Options of `Task.from()`. */
export interface TaskFromOptions extends TaskOptions {
  /**
   * Called once when the cancellation of the task is requested, with what its
   * signal is aborted with. It should make the promise settle. What it throws
   * is reported like a failure that nobody looked at.
   */
  cancel?: ((reason: Error) => void) | undefined;
}

/** What the value `Task` can do. */
export interface TaskConstructor {
  /**
   * Makes a task of a promise whose work has been started elsewhere.
   *
   * Without `options.cancel` the work can't be told to stop: a cancelled task
   * stays `"cancelling"` until the promise settles.
   *
   * @example
   * Adopting a request
   * ```ts
   * import { Task } from "@mdc/tasks";
   *
   * const { promise, reject } = Promise.withResolvers<string>();
   * const task = Task.from(promise, { name: "legacy", cancel: reject });
   * task.cancel("not needed");
   * await task.catch(() => {});
   * console.log(task.status); // "cancelled"
   * ```
   *
   * @typeParam T What the promise resolves to.
   * @param promise The promise.
   * @param options Its name, its owner, and how to stop it.
   * @returns The task.
   * @throws {TypeError} If `promise` is no promise or an option is wrong.
   */
  from<T>(promise: PromiseLike<T>, options?: TaskFromOptions): Task<T>;
  /**
   * Whether something is a task; `value instanceof Task` asks for it.
   *
   * @param value Anything.
   * @returns Whether it is a task.
   */
  [Symbol.hasInstance](value: unknown): value is Task;
}

/** Makes tasks of promises (`Task.from`) and recognises them. */
export const Task: TaskConstructor = {
  from<T>(promise: PromiseLike<T>, options?: TaskFromOptions): Task<T> {
    if (!isThenable(promise)) {
      throw unexpected("make a task", "a promise", promise);
    }
    const { cancel, ...rest } = optionsOf<TaskFromOptions>(
      options,
      "Task.from()",
      ["cancel", ...TASK_OPTIONS],
    );
    if (cancel !== undefined) callable(cancel, "cancel of Task.from()");
    const task = prepare<T>(undefined, rest);
    if (cancel !== undefined) callOnCancel(task, cancel);
    start(task, () => promise);
    return task as Task<T>;
  },
  [Symbol.hasInstance](value: unknown): value is Task {
    return isTaskNode(value);
  },
};

/** The node behind a task, or a TypeError that shows what came instead. */
export function taskNode<T>(task: Task<T>, what: string): TaskNode<T> {
  return nodeOf(task, what) as TaskNode<T>;
}

function callOnCancel(
  task: TaskNode<unknown>,
  cancel: (reason: Error) => void,
): void {
  const report = (error: unknown) => reportError(task, error);
  // Others wait to be told as well: what the callback throws is reported.
  const call = (record: Cancellation) => {
    try {
      const result: unknown = cancel(record.error);
      if (isThenable(result)) result.then(undefined, report);
    } catch (error) {
      report(error);
    }
  };
  if (task.record !== null) call(task.record);
  else listen(task, new CallbackListener(call));
}

/**
 * The options of a task that is spawned by something that was made at `home`.
 * Where no task is current (some runtimes call the handlers of a server in
 * none), it belongs to what runs there.
 */
export function optionsAt(
  home: Place | undefined,
  options: TaskOptions | undefined,
): TaskOptions | undefined {
  const owner = home === undefined ? undefined : nodeAt(home);
  if (owner === undefined || currentNode() !== undefined) return options;
  const given = optionsOf<TaskOptions>(options, "spawn()", TASK_OPTIONS);
  const { parent, detached } = given;
  if (parent !== undefined || detached === true) return options;
  return { ...given, parent: owner as unknown as Task };
}
