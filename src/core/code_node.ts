import { followsAwait } from "./current.ts";
import { tellLostContext } from "./lost_context.ts";
import { CancelNode } from "./node.ts";

class BareCodeNode extends CancelNode {
  override lost(what: string, above: unknown): void {
    if (!followsAwait()) tellLostContext(what, above);
  }
}

/** What a task shows of itself. */
interface Shown {
  readonly shown?: string;
}

/**
 * Puts all nodes under `Promise` when the class is defined, before there is a
 * task: `task instanceof Promise` is true, as libraries ask before they call
 * `then` (`deadline()` and `abortable()` of @std/async do). No constructor of
 * `Promise` runs. What gives no `then` of its own is nothing that can be
 * awaited. A console shows a task's state in place of the links of the tree.
 */
function underPromise(Class: typeof BareCodeNode): typeof BareCodeNode {
  Object.setPrototypeOf(CancelNode.prototype, Promise.prototype);
  Object.defineProperties(CancelNode.prototype, {
    then: { value: undefined },
    [Symbol.for("nodejs.util.inspect.custom")]: {
      value(this: Shown): unknown {
        return this.shown ?? this;
      },
    },
  });
  return Class;
}

/** A node in which code runs: a task, or a scope in it. */
export const CodeNode: typeof BareCodeNode = /* @__PURE__ */ underPromise(
  BareCodeNode,
);
