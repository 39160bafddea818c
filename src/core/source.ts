import { isObject } from "./shapes.ts";
import type { Cancellation } from "./cancellation.ts";
import {
  CANCELLING,
  type CancelNode,
  isNode,
  listen,
  type Listener,
  nodeBehind,
} from "./node.ts";
import { listenToSignal, signalRecord } from "./signals.ts";
import { can, isSignal, unexpected } from "./validate.ts";

/**
 * Anything that cancellation can come from: an `AbortSignal`, or whatever
 * carries one as `signal`. That is the platform's `AbortController`, this
 * library's `AsyncEvent`, `Task`, `CancelScope` and `TaskContext`, a `Request`.
 * It is accepted wherever a `signal` is.
 */
export type CancelSource = AbortSignal | { readonly signal: AbortSignal };

/** A source, known to be one: one of our nodes, or a platform signal. */
export type Source = CancelNode | AbortSignal;

/** Whether something is a platform controller. */
export function isController(value: unknown): value is AbortController {
  return can(value, "abort") && isSignal((value as AbortController).signal);
}

/** Recognises a source, or throws a TypeError that shows what came instead. */
export function toSource(value: unknown, what: string): Source {
  if (isObject(value)) {
    // Our own classes give their node, so that no signal has to be made.
    const node = nodeBehind(value);
    if (node !== undefined) return node;
    if (isSignal(value)) return value;
    const { signal } = value as { signal?: unknown };
    if (isSignal(signal)) return signal;
  }
  throw unexpected(
    `use ${what}`,
    "an AbortSignal, or an AbortController, AsyncEvent, Task or CancelScope",
    value,
  );
}

/** The cancellation that a source has, if there is one and it is cancelled. */
export function recordOf(
  source: Source | undefined,
): Cancellation | undefined {
  if (source === undefined) return undefined;
  if (isNode(source)) {
    return (source.bits & CANCELLING) === 0 ? undefined : source.record!;
  }
  return signalRecord(source);
}

/** Adds a listener to a source that is not cancelled. */
export function subscribe(source: Source, listener: Listener): void {
  if (isNode(source)) listen(source, listener);
  else listenToSignal(source, listener);
}
