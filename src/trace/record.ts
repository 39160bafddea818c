import type { CancelNode } from "../core/node.ts";
import { shared } from "../core/shared.ts";
import type { TraceObserver } from "./events.ts";

/** A wait in this library, while somebody observes. */
export interface ObservedWait {
  /** The wait in words: `sleep()`, `task "b"`. */
  readonly what: string;
  /** The task or scope that is waited for, if it is one. */
  readonly on: CancelNode | undefined;
  /** Since when, on the clock. */
  readonly since: number;
  /** Unique in the process. */
  readonly number: number;
}

/** What is known while somebody observes; one for all copies of the package. */
export const record: {
  readonly observers: Set<TraceObserver>;
  /** When nodes were put into the tree, on the clock. */
  readonly born: WeakMap<CancelNode, number>;
  /** The waits of each task that aren't over, the oldest first. */
  waits: WeakMap<object, Set<ObservedWait>>;
  lastWait: number;
} = /* @__PURE__ */ shared("trace", () => ({
  observers: new Set<TraceObserver>(),
  born: new WeakMap<CancelNode, number>(),
  waits: new WeakMap<object, Set<ObservedWait>>(),
  lastWait: 0,
}));
