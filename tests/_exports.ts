import * as tasks from "@mdc/tasks";
import * as flow from "@mdc/tasks/flow";
import * as testing from "@mdc/tasks/testing";

/** What the entries export, by specifier, for programs of the documentation. */
export const modules: Record<string, Record<string, unknown>> = {
  "@mdc/tasks": tasks,
  "@mdc/tasks/flow": flow,
  "@mdc/tasks/testing": testing,
};

/** Finds `name` or `Class.member` among the exported values. */
export function isExported(path: string): boolean {
  const [name = "", member] = path.split(".");
  return Object.values(modules).some((module) => {
    const value = module[name];
    if (value === undefined || member === undefined) return value !== undefined;
    const owners = [value, (value as { prototype?: object }).prototype];
    return owners.some((owner) =>
      owner !== undefined && member in Object(owner)
    );
  });
}
