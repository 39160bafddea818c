import { currentNode } from "../core/current.ts";
import { rememberCreation } from "../core/diagnostics.ts";
import { liveTasks } from "../core/live_tasks.ts";
import { root } from "../core/node.ts";
import { optionsOf } from "../core/options.ts";
import { callable } from "../core/validate.ts";
import { callerOf } from "../core/waiter.ts";
import { bindTo, type TaskBody, timeLeftAt } from "./context.ts";
import { prepare, start } from "./start.ts";
import { type Task, TASK_OPTIONS, type TaskOptions } from "./task.ts";

/**
 * Starts an async function as a task. The body runs at once, up to its first
 * `await`, as async functions do.
 *
 * - The task belongs to the current task: cancelling that one cancels this one.
 * - A body that throws makes a failed task, not an exception here.
 * - A failure that nobody looks at is reported once (see
 *   {@linkcode configure}); a cancellation never is.
 *
 * @example
 * A child that is cancelled with its parent
 * ```ts
 * import { createTask, sleep } from "@mdc/tasks";
 *
 * const parent = createTask(async () => {
 *   const child = createTask(() => sleep(60_000), { name: "child" });
 *   await child;
 * });
 * parent.cancel("enough");
 * await parent.catch(() => {});
 * console.log(parent.status); // "cancelled"
 * ```
 *
 * @typeParam T What the body returns.
 * @param body The work; it gets the task's own side of it.
 * @param options Its name, its owner, and one more source of cancellation.
 * @returns The running task.
 * @throws {TypeError} If `body` is no function or an option is wrong; then
 * nothing was started.
 */
export function createTask<T>(
  body: TaskBody<T>,
  options?: TaskOptions,
): Task<T> {
  callable(body, "the body of createTask()");
  const task = prepare<T>(
    body,
    options === undefined ? undefined : optionsOf<TaskOptions>(
      options,
      "createTask()",
      TASK_OPTIONS,
    ),
  );
  rememberCreation(task, createTask);
  start(task, body);
  return task as Task<T>;
}

/**
 * The task whose code is running: in its body, after each `await`, in timers
 * and callbacks that it started.
 *
 * @example
 * Knowing who runs
 * ```ts
 * import { createTask, currentTask } from "@mdc/tasks";
 *
 * const task = createTask(async () => {
 *   await new Promise((resolve) => setTimeout(resolve, 1));
 *   return currentTask()?.name;
 * }, { name: "me" });
 * console.log(await task); // "me"
 * console.log(currentTask()); // undefined
 * ```
 *
 * @returns The task, or `undefined` outside of any task and where the runtime
 * can't know it (browsers; `configure({ taskContext: false })`).
 */
export function currentTask(): Task | undefined {
  return currentNode()?.origin as Task | undefined;
}

/**
 * Makes a function that runs in the current task (or the innermost scope that
 * runs in it), wherever it is called; when that has ended, in the nearest
 * ancestor that runs. For callbacks from outside: some runtimes call the
 * handlers of a server in no task, and a shared connection calls them in the
 * task that opened it.
 *
 * @example
 * A handler that belongs to the server's task
 * ```ts
 * import { bindTask, createTask, currentTask } from "@mdc/tasks";
 *
 * let handler = (): string | undefined => undefined;
 * const server = createTask(async ({ sleep }) => {
 *   handler = bindTask(() => currentTask()?.name);
 *   await sleep(5);
 * }, { name: "server" });
 * console.log(handler()); // "server"
 * await server;
 * console.log(handler()); // undefined
 * ```
 *
 * @typeParam A What the function takes.
 * @typeParam R What it returns.
 * @param callback The function.
 * @returns The function, bound.
 * @throws {TypeError} If `callback` is no function.
 */
export function bindTask<A extends unknown[], R>(
  callback: (...args: A) => R,
): (...args: A) => R {
  return bindTo(callerOf("bindTask()") ?? root, callback);
}

/**
 * How many milliseconds the nearest deadline leaves that limits the current
 * code.
 *
 * @example
 * Handing a limit on
 * ```ts
 * import { failAfter, timeLeft } from "@mdc/tasks";
 *
 * console.log(timeLeft()); // Infinity
 * const left = await failAfter(60_000, () => timeLeft());
 * console.log(left > 0 && left <= 60_000); // true
 * ```
 *
 * @returns The time, at least 0; `Infinity` without a deadline.
 */
export function timeLeft(): number {
  return timeLeftAt(currentNode() ?? root);
}

/**
 * All tasks of this process that have not ended, each before its children, in
 * order of creation.
 *
 * @example
 * Finding a task by name
 * ```ts
 * import { allTasks, createTask, sleep } from "@mdc/tasks";
 *
 * const task = createTask(() => sleep(60_000), { name: "background" });
 * console.log(allTasks().some((task) => task.name === "background")); // true
 * task.cancel();
 * ```
 *
 * @returns The tasks, in a new array.
 */
export function allTasks(): Task[] {
  return liveTasks() as Task[];
}
