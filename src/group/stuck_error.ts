import type { Task } from "../task/task.ts";

/**
 * The last error of a group with a `grace` whose children (or body) have not
 * ended in time. They run on, and belong to the next owner that runs.
 *
 * @example
 * A group that gives up
 * ```ts
 * import { findError, StuckError, TaskGroup } from "@mdc/tasks";
 *
 * const error = await TaskGroup.run((group) => {
 *   group.spawn(() => new Promise(() => {}), { name: "upload" });
 *   group.cancel();
 * }, { grace: 5 }).catch((error) => error);
 * const stuck = findError(error, StuckError);
 * console.log(stuck?.tasks.map((task) => task.name)); // ["upload"]
 * ```
 */
export class StuckError extends Error {
  /** Always `"StuckError"`. */
  override readonly name = "StuckError";
  /**
   * Who has not ended, in order of start. Empty if only the body of the group
   * is stuck.
   */
  readonly tasks: readonly Task[];

  /**
   * Makes an error that names stuck tasks.
   *
   * @param message Who is stuck, in words.
   * @param tasks The stuck tasks.
   */
  constructor(message: string, tasks: readonly Task[]) {
    super(message);
    this.tasks = tasks;
  }
}

/** How many of the stuck the message names; the error has them all. */
const MOST_NAMED = 5;

/** The error that names those whom a group leaves behind. */
export function stuckError(
  group: string,
  grace: number,
  tasks: readonly Task[],
  body: boolean,
): StuckError {
  const who = tasks.slice(0, MOST_NAMED).map(({ name }) => `task "${name}"`);
  const more = tasks.length - who.length;
  if (more > 0) who.push(`${more} more`);
  if (body) who.push("its body");
  const last = who.pop();
  const names = who.length === 0 ? last : `${who.join(", ")} and ${last}`;
  const verb = tasks.length + Number(body) === 1 ? "has" : "have";
  return new StuckError(
    `Cannot end group "${group}": ${names} ${verb} not ended within ${grace} ms`,
    tasks,
  );
}
