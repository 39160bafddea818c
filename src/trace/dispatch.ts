import { now } from "../core/clock.ts";
import { diagnosticsOf } from "../core/diagnostics.ts";
import {
  CANCELLED,
  type CancelNode,
  FAILED,
  isNode,
  SHIELDED,
} from "../core/node.ts";
import type { KernelObserver } from "../core/observed.ts";
import { isTaskNode, type TaskNode } from "../core/task_node.ts";
import { isThenable } from "../core/validate.ts";
import type {
  EndedEvent,
  StartedEvent,
  TraceEvent,
  TraceObserver,
  WaitEvent,
} from "./events.ts";
import { idOf, isShown, kindOf, ownerIdOf, type Shown } from "./identity.ts";
import { type ObservedWait, record } from "./record.ts";
import { targetOf } from "./wait_target.ts";

/** What is told to one method of each observer. */
type Telling = (observer: TraceObserver) => unknown;

/** Those who threw: each is told of once. */
const broken: WeakSet<TraceObserver> = /* @__PURE__ */ new WeakSet();

function tellOne(observer: TraceObserver, telling: Telling): void {
  if (!record.observers.has(observer)) return;
  const threw = (error: unknown) => {
    if (broken.has(observer)) return;
    broken.add(observer);
    console.error("An observer of tasks threw (told once):", error);
  };
  try {
    const result = telling(observer);
    // An async method: nobody else handles what it throws.
    if (isThenable(result)) result.then(undefined, threw);
  } catch (error) {
    threw(error);
  }
}

/** What an observer caused, to be told after what it is being told. */
const queue: (() => void)[] = [];
let telling = false;

function inOrder(tell: () => void): void {
  queue.push(tell);
  if (telling) return;
  telling = true;
  try {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      next();
    }
  } finally {
    telling = false;
  }
}

/** Tells those of `observers` who still observe when their turn comes. */
function tellThese(observers: readonly TraceObserver[], tell: Telling): void {
  inOrder(() => {
    for (const observer of observers) tellOne(observer, tell);
  });
}

/**
 * Tells all who observe now. Who subscribes before it is their turn was told
 * of the node as of one that was there earlier.
 *
 * @returns Who was told.
 */
function tellAll(tell: Telling): readonly TraceObserver[] {
  const observers = [...record.observers];
  tellThese(observers, tell);
  return observers;
}

function factsOf(node: Shown, at: number): TraceEvent {
  return { id: idOf(node), kind: kindOf(node), name: node.name, at };
}

function startedEvent(
  node: Shown,
  at: number,
  earlier: boolean,
): StartedEvent {
  const owner = ownerIdOf(node);
  return {
    ...factsOf(node, at),
    ...(owner === undefined ? {} : { owner }),
    earlier,
    shielded: (node.bits & SHIELDED) !== 0,
    // Written out when it is read: most observers never do.
    get place() {
      return diagnosticsOf(node)?.place;
    },
  };
}

function endedEvent(node: Shown, at: number): EndedEvent {
  const { bits, record } = node;
  const cancelled = isTaskNode(node)
    ? (bits & CANCELLED) !== 0
    : record !== null;
  const failed = (bits & FAILED) !== 0;
  return {
    ...factsOf(node, at),
    status: failed ? "failed" : cancelled ? "cancelled" : "completed",
    ...(failed && isTaskNode(node) ? { error: node.error } : {}),
    ...(record === null ? {} : { reason: record.reason }),
  };
}

function waitEvent(task: TaskNode<unknown>, wait: ObservedWait): WaitEvent {
  return {
    ...factsOf(task, now()),
    wait: wait.number,
    for: targetOf(wait),
  };
}

/**
 * Tells a new observer of what runs already, owners before what is theirs.
 * What it causes by that, it is told after it.
 */
export function tellOfLive(
  observer: TraceObserver,
  nodes: readonly Shown[],
): void {
  const time = now();
  inOrder(() => {
    for (const node of nodes) {
      const created = diagnosticsOf(node)?.created ?? record.born.get(node);
      const event = startedEvent(node, created ?? time, true);
      tellOne(observer, (each) => each.started?.(event));
    }
  });
}

/** Turns what the kernel tells into events, and hands them to everybody. */
export const dispatcher: KernelObserver = {
  started(node: CancelNode): void {
    if (!isShown(node)) return;
    const at = now();
    record.born.set(node, at);
    const event = startedEvent(node, at, false);
    tellAll((observer) => observer.started?.(event));
  },
  waiting(source, what, on) {
    const task = isNode(source) ? source.origin : undefined;
    if (!isTaskNode(task)) return undefined;
    const wait = { what, on, since: now(), number: ++record.lastWait };
    const waits = record.waits.get(task) ?? new Set();
    record.waits.set(task, waits.add(wait));
    const event = waitEvent(task, wait);
    const told = tellAll((observer) => observer.waiting?.(event));
    return () => {
      waits.delete(wait);
      const event = waitEvent(task, wait);
      // Whoever came later knows nothing of this wait.
      tellThese(told, (observer) => observer.resumed?.(event));
    };
  },
  cancelling(node: CancelNode): void {
    if (!isShown(node) || node.record === null) return;
    const event = { ...factsOf(node, now()), reason: node.record.reason };
    tellAll((observer) => observer.cancelling?.(event));
  },
  ended(node: CancelNode): void {
    if (!isShown(node)) return;
    const event = endedEvent(node, now());
    tellAll((observer) => observer.ended?.(event));
  },
};
