import { shield, type TaskContext, type TaskGroup } from "../../mod.ts";
import {
  callable,
  optionalText,
  optionsOf,
  time,
  unexpected,
} from "./arguments.ts";

/** Options of {@linkcode resource}. */
export interface ResourceOptions {
  /** The group that owns it. */
  group: TaskGroup;
  /** The name of the task that keeps it. Default: the name of `create`. */
  name?: string | undefined;
  /** How long it may take to close it, in milliseconds. Default: 1000. */
  grace?: number | undefined;
}

/**
 * Makes something that its group owns: it is closed when the other children of
 * the group have ended, whatever they ended with, and after what was made after
 * it.
 *
 * @example
 * A server for the time of a block
 * ```ts
 * import { TaskGroup } from "@mdc/tasks";
 * import { resource } from "@mdc/tasks/flow";
 * import { assertEquals } from "@std/assert";
 *
 * const log: string[] = [];
 * await TaskGroup.run(async (group) => {
 *   const port = await resource(
 *     () => 8080,
 *     (port) => log.push(`closed ${port}`),
 *     { group },
 *   );
 *   log.push(`uses ${port}`);
 * });
 * assertEquals(log, ["uses 8080", "closed 8080"]);
 * ```
 *
 * @typeParam T What it is.
 * @param create Makes it.
 * @param destroy Closes it, in a shield.
 * @param options Who owns it.
 * @returns A promise for it. It rejects with what `create` throws, and with the
 * cancellation of the current task.
 * @throws {TypeError} If an argument is of the wrong type, or an option is
 * unknown.
 * @throws {RangeError} If `grace` is `NaN` or negative.
 */
export function resource<T>(
  create: (context: TaskContext) => T | PromiseLike<T>,
  destroy: (value: T) => unknown,
  options: ResourceOptions,
): Promise<T> {
  callable(create, "create");
  callable(destroy, "destroy");
  const { group, name, grace = 1000 } = optionsOf<ResourceOptions>(
    options,
    "resource()",
    ["group", "name", "grace"],
  );
  if (typeof group?.start !== "function") {
    throw unexpected("the group of resource()", "a TaskGroup", group);
  }
  optionalText(name, "name");
  time(grace, "grace");
  return group.start<T>(async (context, started) => {
    const value = await create(context);
    try {
      (started as (value: T) => void)(value);
      await context.sleep(Infinity);
    } finally {
      // Its cancellation starts the grace.
      // deno-lint-ignore mdc/no-aborted-signal-in-cleanup -- a shield goes on
      await shield(() => destroy(value), { grace, signal: context }); // eslint-disable-line mdc/no-aborted-signal-in-cleanup -- a shield goes on
    }
  }, { service: true, name: name ?? (create.name || "resource") });
}
