import { macrotask } from "../core/clock.ts";
import { diagnosticsOf } from "../core/diagnostics.ts";
import { liveTasks } from "../core/live_tasks.ts";
import type { TaskNode } from "../core/task_node.ts";
import { callable } from "../core/validate.ts";
import { configure } from "../settings.ts";
import type { Task } from "../task/task.ts";

/** A task that outlived the code that started it. */
export interface LeakedTask {
  /** The task itself. */
  readonly task: Task;
  /** Its name. */
  readonly name: string;
  /** Where it was created, as lines of a stack, if that is known. */
  readonly place?: string;
}

/** What {@linkcode checkLeaks} throws: names each task that was left over. */
export class LeakError extends Error {
  /** Always `"LeakError"`. */
  override readonly name = "LeakError";
  /** The tasks that were left over. */
  readonly tasks: readonly LeakedTask[];

  /**
   * Names the tasks.
   *
   * @param tasks The tasks that were left over.
   */
  constructor(tasks: readonly LeakedTask[]) {
    const count = tasks.length === 1 ? "1 task" : `${tasks.length} tasks`;
    const lines = tasks.map(({ name, place }) =>
      place === undefined
        ? `  task "${name}"`
        : `  task "${name}", created\n${place}`
    );
    super(`${count} left running:\n${lines.join("\n")}`);
    this.tasks = tasks;
  }
}

function leaked(task: TaskNode<unknown>): LeakedTask {
  const place = diagnosticsOf(task)?.place;
  const base = { task: task as Task, name: task.name };
  return place === undefined ? base : { ...base, place };
}

/**
 * Runs `body` and throws if a task that started meanwhile is still running
 * afterwards. Tasks are compared by identity, so it doesn't matter how many
 * were running before, and one that ended can't hide one that was left.
 *
 * The tasks that are left over are cancelled, so that they don't disturb what
 * comes next. It wraps the function of a test, whatever runs the tests.
 *
 * @example
 * A test that finds a leak
 * ```ts
 * import { createTask, sleep } from "@mdc/tasks";
 * import { checkLeaks } from "@mdc/tasks/testing";
 *
 * const error = await checkLeaks(() => {
 *   createTask(() => sleep(60_000), { name: "forgotten" });
 * }).catch((error) => error);
 * console.log(error.message.includes('task "forgotten"')); // true
 * ```
 *
 * @typeParam T What `body` returns.
 * @param body The code to check.
 * @returns What `body` returned. Rejects with a `LeakError` if tasks are left;
 * with what `body` threw, if it threw.
 * @throws {TypeError} If `body` is no function.
 */
export function checkLeaks<T>(body: () => T | PromiseLike<T>): Promise<T> {
  callable(body, "the body of checkLeaks()");
  return carryOut(body);
}

async function carryOut<T>(body: () => T | PromiseLike<T>): Promise<T> {
  const before = new Set(liveTasks());
  const settings = configure({ creationSites: true });
  let value: T;
  let left: TaskNode<unknown>[] = [];
  try {
    value = await body();
  } finally {
    configure({ creationSites: settings.creationSites });
    // Tasks that are about to end get the rest of this turn.
    await new Promise<void>(macrotask);
    left = liveTasks().filter((task) => !before.has(task));
    for (const task of left) task.cancel("left running");
  }
  if (left.length > 0) throw new LeakError(left.map(leaked));
  return value;
}
