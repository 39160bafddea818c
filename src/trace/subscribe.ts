import { observed } from "../core/observed.ts";
import { callable, show } from "../core/validate.ts";
import { dispatcher, tellOfLive } from "./dispatch.ts";
import type { TraceObserver } from "./events.ts";
import { liveNodes } from "./live_nodes.ts";
import { record } from "./record.ts";

/** What ends a subscription. */
export interface TraceSubscription extends Disposable {
  /** Tells the observer nothing more. Does nothing when called again. */
  unsubscribe(): void;
}

const METHODS = [
  "started",
  "waiting",
  "resumed",
  "cancelling",
  "ended",
] as const;

function checkObserver(observer: TraceObserver): void {
  if (typeof observer !== "object" || observer === null) {
    throw new TypeError(
      `Cannot subscribe: expected an observer, received ${show(observer)}`,
    );
  }
  let methods = 0;
  for (const name of METHODS) {
    const method = observer[name];
    if (method === undefined) continue;
    callable(method, `${name} of the observer`);
    methods++;
  }
  if (methods === 0) {
    throw new TypeError(
      `Cannot subscribe: an observer has one of ${
        METHODS.join(", ")
      }, received ${show(observer)}`,
    );
  }
}

/**
 * Tells an observer what happens to tasks, scopes and groups of this process,
 * from now on: what starts, what it waits for, who is cancelled and why, and
 * how it ends. What runs already is told first, as `started` with `earlier`.
 *
 * While nobody subscribes, the library does nothing for it. An observer that
 * throws harms no task.
 *
 * @example
 * A log of what happens
 * ```ts
 * import { createTask, sleep } from "@mdc/tasks";
 * import { subscribe } from "@mdc/tasks/trace";
 *
 * const log: string[] = [];
 * const subscription = subscribe({
 *   started: ({ name }) => log.push(`${name} started`),
 *   waiting: ({ name, for: { what } }) => log.push(`${name} waits: ${what}`),
 *   ended: ({ name, status }) => log.push(`${name} ${status}`),
 * });
 * await createTask(() => sleep(1), { name: "nap" });
 * subscription.unsubscribe();
 * console.log(log); // ["nap started", "nap waits: sleep()", "nap completed"]
 * ```
 *
 * @param observer Who is told.
 * @returns What ends the subscription; it is disposable.
 * @throws {TypeError} If the observer is no object, has none of the methods,
 * or one of them is no function.
 */
export function subscribe(observer: TraceObserver): TraceSubscription {
  checkObserver(observer);
  // A wrapper of its own, so that each subscription ends by itself.
  const own: TraceObserver = {};
  for (const name of METHODS) {
    if (observer[name] === undefined) continue;
    own[name] = (event: never) => observer[name]?.(event);
  }
  const nodes = liveNodes();
  record.observers.add(own);
  observed.by ??= dispatcher;
  tellOfLive(own, nodes);
  const unsubscribe = () => {
    record.observers.delete(own);
    if (record.observers.size > 0) return;
    observed.by = undefined;
    // The end of the waits under way will be told to nobody.
    record.waits = new WeakMap();
  };
  return { unsubscribe, [Symbol.dispose]: unsubscribe };
}
