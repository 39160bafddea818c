import type { CancelNode } from "../core/node.ts";
import type { ObservedWait } from "../core/observed.ts";
import { shared } from "../core/shared.ts";
import type { TraceObserver } from "./events.ts";

/** A wait that isn't over. */
export interface OpenWait {
  readonly number: number;
  /** Since when, on the clock. */
  readonly since: number;
}

/** What is known while somebody observes; one for all copies of the package. */
export const record: {
  readonly observers: Set<TraceObserver>;
  /** When nodes were put into the tree, on the clock. */
  readonly born: WeakMap<CancelNode, number>;
  /** The waits of each task that aren't over, the oldest first. */
  waits: WeakMap<object, Map<ObservedWait, OpenWait>>;
  lastWait: number;
} = /* @__PURE__ */ shared("trace", () => ({
  observers: new Set<TraceObserver>(),
  born: new WeakMap<CancelNode, number>(),
  waits: new WeakMap<object, Map<ObservedWait, OpenWait>>(),
  lastWait: 0,
}));
