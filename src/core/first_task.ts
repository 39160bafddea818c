import { CancelNode } from "./node.ts";
import { census } from "./shared.ts";
import { TaskNode } from "./task_node.ts";

/**
 * Makes the first task, before which `TaskNode` must not be used: it completes
 * the class, which a module that is loaded for something else can't.
 *
 * `task instanceof Promise` is true: libraries ask for it before they call
 * `then` (`deadline()` and `abortable()` of @std/async do). The other nodes
 * share the prototype and are nothing that can be awaited. A console shows the
 * state in place of the links of the tree.
 */
export function firstTask(): TaskNode<unknown> {
  Object.setPrototypeOf(CancelNode.prototype, Promise.prototype);
  Object.defineProperty(CancelNode.prototype, "then", { value: undefined });
  Object.defineProperty(
    TaskNode.prototype,
    Symbol.for("nodejs.util.inspect.custom"),
    {
      value(this: TaskNode<unknown>): string {
        return `Task ${this.id} "${this.name}" (${this.status})`;
      },
    },
  );
  // Loggers write tasks out; the links of the tree are a ring.
  Object.defineProperty(TaskNode.prototype, "toJSON", {
    value(this: TaskNode<unknown>) {
      const { id, name, status } = this;
      return { id, name, status };
    },
  });
  census.started = true;
  return new TaskNode(undefined);
}
