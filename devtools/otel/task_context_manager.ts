import { currentTask } from "@mdc/tasks";
import {
  type Context,
  context,
  type ContextManager,
  trace,
} from "@opentelemetry/api";
import { openSpanOf } from "./open_spans.ts";

/** The manager in use that knows the spans of tasks, and the one below it. */
let used: { readonly below: ContextManager } | undefined;

/** The active context without the spans of tasks. */
export function activeBelow(): Context {
  return used === undefined ? context.active() : used.below.active();
}

/**
 * A context manager in which the span of the current task is the active one:
 * what other instrumentations start in a task becomes a child of its span.
 * Code that enters a context of its own inside of the task finds that one.
 *
 * @example
 * A provider for traces
 * ```ts
 * import { taskContextManager } from "@mdc/devtools/otel";
 * import { context } from "@opentelemetry/api";
 * import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
 *
 * const manager = new AsyncLocalStorageContextManager().enable();
 * context.setGlobalContextManager(taskContextManager(manager));
 * // or: new NodeTracerProvider().register({ contextManager: … })
 * context.disable();
 * ```
 *
 * @param below What follows contexts across `await`: that of the SDK.
 * @returns The manager to register.
 */
export function taskContextManager(below: ContextManager): ContextManager {
  const manager: ContextManager = {
    active(): Context {
      const active = below.active();
      const task = currentTask();
      const open = task && openSpanOf(String(task.id));
      return open === undefined || open.createdIn !== active
        ? active
        : trace.setSpan(active, open.span);
    },
    with: (context, body, self, ...args) =>
      below.with(context, body, self, ...args),
    bind: (context, target) => below.bind(context, target),
    enable() {
      below.enable();
      used = { below };
      return manager;
    },
    disable() {
      below.disable();
      if (used?.below === below) used = undefined;
      return manager;
    },
  };
  used = { below };
  return manager;
}
