import type { CancelAllOptions, CancelAllReport } from "./cancel_all.ts";
import { cancelArgument } from "./core/cancel_argument.ts";
import { fromArgument } from "./core/cancellation.ts";
import { currentNode, currentPlace } from "./core/current.ts";
import { atDoor } from "./core/door.ts";
import { onEnd } from "./core/end.ts";
import {
  type FailedTask,
  type FailureOwner,
  keepFailure,
  reportFailure,
} from "./core/failures.ts";
import { type CancelNode, isWithin, LOOKED } from "./core/node.ts";
import { optionsOf } from "./core/options.ts";
import { quiet } from "./core/quiet.ts";
import { recordOf } from "./core/source.ts";
import { describeSwept, reportSwept, Sweep } from "./core/sweep.ts";
import { isTaskNode, type TaskNode } from "./core/task_node.ts";
import { callable, duration, isThenable, unexpected } from "./core/validate.ts";
import { WaitQueue } from "./core/wait_queue.ts";
import { waiterOf, type WaitOptions } from "./core/waiter.ts";
import { InvalidStateError } from "./errors.ts";
import type { Progress } from "./progress/progress.ts";
import { ProgressSum } from "./progress/progress_sum.ts";
import { progressFor } from "./progress/task_progress.ts";
import type { TaskBody } from "./task/context.ts";
import { createTask } from "./task/create_task.ts";
import { optionsAt, Task, type TaskOptions } from "./task/task.ts";

type AnyTask = TaskNode<unknown>;

/**
 * Knows tasks that belong together and ends them together. Tasks leave it by
 * themselves when they are done.
 *
 * A tracker has no failure policy: a failed task neither cancels the others
 * nor makes the tracker throw. A failure that nobody looked at is told by the
 * next `cancelAll()`, or reported when the tracker is closed or disposed of.
 *
 * @example
 * Tracking and ending
 * ```ts
 * import { TaskTracker } from "@mdc/tasks";
 *
 * const tracker = new TaskTracker();
 * tracker.spawn((context) => context.sleep(60_000), { name: "poller" });
 * tracker.spawn((context) => context.sleep(60_000), { name: "writer" });
 * console.log(tracker.size); // 2
 *
 * const { succeeded, failed } = await tracker.cancelAll({ reason: "bye" });
 * console.log([succeeded, failed, tracker.size]); // [2, 0, 0]
 * ```
 */
export class TaskTracker implements AsyncDisposable {
  readonly #tasks = new Set<AnyTask>();
  /** The tasks made of plain promises, so that each is tracked once. */
  readonly #adopted = new WeakMap<object, Task>();
  readonly #failures: FailedTask[] = [];
  /** The sweeps under way, and whom each of them spares. */
  readonly #sweeps = new Map<Sweep, (task: AnyTask) => boolean>();
  readonly #idle = new WaitQueue();
  /** Where the tracker was made. */
  readonly #home = currentPlace();
  readonly #owner: FailureOwner = {
    takeFailure: (task) => {
      if (this.#over || (task.bits & LOOKED) !== 0) return false;
      keepFailure(this.#failures, task);
      return true;
    },
  };
  #closed = false;
  #progress: ProgressSum | undefined;

  /** How many tracked tasks are running. */
  get size(): number {
    return this.#tasks.size;
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * How far the tasks together are: those that were added since it was first
   * asked for, or were running then. Final when the tracker is closed and empty.
   */
  get progress(): Progress {
    if (this.#progress === undefined) {
      this.#progress = new ProgressSum();
      for (const task of this.#tasks) this.#progress.add(progressFor(task));
      if (this.#over) this.#progress.seal();
    }
    return this.#progress.whole;
  }

  /**
   * Tracks a task, or a promise whose work can't be cancelled.
   *
   * Whether somebody handles the failure of a plain promise can't be seen, so
   * the tracker tells of it in any case. To handle it yourself, add
   * `Task.from(promise)` and await the task.
   *
   * @example
   * What it returns is what it got
   * ```ts
   * import { createTask, TaskTracker } from "@mdc/tasks";
   *
   * const tracker = new TaskTracker();
   * const task = tracker.add(createTask(() => 7));
   * console.log(await task); // 7
   * ```
   *
   * @typeParam T The type of the task or promise.
   * @param work The task or promise.
   * @returns `work` itself.
   * @throws {TypeError} If it is neither.
   * @throws {InvalidStateError} If the tracker is closed.
   */
  add<T extends PromiseLike<unknown>>(work: T): T {
    this.#mustBeOpen("add to");
    if (!isThenable(work)) {
      throw unexpected("add to a tracker", "a task or a promise", work);
    }
    let task: unknown = isTaskNode(work) ? work : this.#adopted.get(work);
    if (task === undefined) {
      this.#adopted.set(work, task = Task.from(work));
    }
    this.#track(task as AnyTask);
    return work;
  }

  /**
   * Starts a task, as `createTask()` does, and tracks it.
   *
   * @typeParam T What the body returns.
   * @param body The work; it gets the task's own side of it.
   * @param options Its name, its owner, and one more source of cancellation.
   * @returns The running task.
   * @throws {TypeError} If `body` is no function or an option is wrong.
   * @throws {InvalidStateError} If the tracker is closed; the body is not
   * started then.
   */
  spawn<T>(
    body: TaskBody<T>,
    options?: TaskOptions,
  ): Task<T> {
    callable(body, "the body of spawn()");
    this.#mustBeOpen("spawn in");
    const task = createTask(body, optionsAt(this.#home, options));
    this.#track(task as unknown as AnyTask);
    return task;
  }

  /**
   * Cancels all tracked tasks at once and waits for their end, under one
   * deadline for all. Tasks that are added meanwhile are cancelled too. The
   * task that calls, and its ancestors, are spared.
   *
   * This is a cleanup function: the cancellation of the caller doesn't end
   * the wait, except one without a limit, so it works in `finally`.
   *
   * @param options Why, and how long to wait.
   * @returns What became of each task. Rejects only without a limit, with the
   * cancellation of the caller.
   * @throws {TypeError} If an option has the wrong type.
   * @throws {RangeError} If the time is `NaN` or negative.
   */
  cancelAll(options?: CancelAllOptions): Promise<CancelAllReport> {
    const { reason, timeout = 1000 } = optionsOf<CancelAllOptions>(
      options,
      "cancelAll()",
      ["reason", "timeout"],
    );
    const argument = cancelArgument(reason);
    const ms = duration(timeout, "timeout");
    const caller = currentNode();
    const sweep = new Sweep(fromArgument(argument, caller?.origin));
    return quiet(this.#sweep(sweep, caller, ms));
  }

  /**
   * Waits until no tracked task is running, whatever became of them.
   *
   * @param options Whose cancellation ends the wait.
   * @returns A promise that resolves when the tracker is empty. It rejects
   * with the cancellation of the signal (or of the current task).
   * @throws {TypeError} If the signal is no cancel source.
   * @throws {InvalidStateError} If a tracked task would wait for itself.
   */
  drain(options?: WaitOptions): Promise<void> {
    const source = waiterOf(options, "drain()");
    this.#refuseTracked();
    const record = recordOf(source);
    if (record !== undefined) return atDoor(source!, record);
    if (this.#tasks.size === 0) return Promise.resolve();
    return this.#idle.join(source, "tracker.drain()");
  }

  /** Refuses new tasks from now on. Those that run go on. */
  close(): void {
    this.#closed = true;
    this.#finish();
  }

  /** The tracked tasks that are running, in the order they were added. */
  *[Symbol.iterator](): Iterator<Task> {
    yield* [...this.#tasks] as unknown as Task[];
  }

  /**
   * Closes the tracker and cancels all tasks, with the default time. What
   * failed or is stuck is reported (see `configure()`).
   */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    const { tasks } = await this.cancelAll();
    for (const task of tasks) reportSwept(task);
    this.#finish();
  }

  get #over(): boolean {
    return this.#closed && this.#tasks.size + this.#sweeps.size === 0;
  }
  /** A tracker that waits for the task that waits for it never gets empty. */
  #refuseTracked(): void {
    for (let at = currentNode() ?? null; at !== null; at = at.up) {
      if (!isTaskNode(at) || !this.#tasks.has(at)) continue;
      throw new InvalidStateError(
        `Cannot drain a tracker: task "${at.name}" is tracked and would wait for itself`,
      );
    }
  }

  #mustBeOpen(action: string): void {
    if (!this.#closed) return;
    throw new InvalidStateError(`Cannot ${action} a tracker: it is closed`);
  }

  #track(task: AnyTask): void {
    if (this.#tasks.has(task)) return;
    task.owner ??= this.#owner;
    this.#progress?.add(progressFor(task));
    if (task.done) {
      const known = this.#failures.includes(task);
      if (task.status === "failed" && !known) this.#owner.takeFailure(task);
      return;
    }
    this.#tasks.add(task);
    onEnd(task, () => {
      this.#tasks.delete(task);
      if (this.#tasks.size > 0) return;
      // Before the waiters of drain() go on, everything is final.
      if (this.#closed) queueMicrotask(() => this.#finish());
      this.#idle.wakeAll();
    });
    for (const [sweep, spared] of this.#sweeps) {
      if (!spared(task)) sweep.takeLate(task);
    }
  }

  async #sweep(
    sweep: Sweep,
    caller: CancelNode | undefined,
    ms: number,
  ): Promise<CancelAllReport> {
    const spared = (task: AnyTask) => !!caller && isWithin(caller, task);
    const kept = this.#takeUntold() as AnyTask[];
    this.#sweeps.set(sweep, spared);
    try {
      const find = () => [...this.#tasks].filter((task) => !spared(task));
      const swept = await sweep.run(find, ms, caller);
      const tasks = [...kept.map((task) => describeSwept(task, 0)), ...swept];
      const failed = tasks.filter(({ status: s }) =>
        /failed|stuck/.test(s)
      ).length;
      return { succeeded: tasks.length - failed, failed, tasks };
    } finally {
      this.#sweeps.delete(sweep);
      this.#failures.unshift(...kept);
      this.#failures.push(...this.#takeUntold());
      this.#finish();
    }
  }

  /** The failures that nobody has looked at. */
  #takeUntold(): FailedTask[] {
    return this.#failures.splice(0).filter(({ bits }) => (bits & LOOKED) === 0);
  }

  #finish(): void {
    if (!this.#over) return;
    this.#takeUntold().forEach(reportFailure);
    this.#progress?.seal();
  }
}
