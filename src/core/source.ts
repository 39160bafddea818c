import type { Cancellation } from "./cancellation.ts";
import { CANCELLING, CancelNode, listen, type Listener } from "./node.ts";
import { listenToSignal, signalRecord } from "./signals.ts";
import { isSignal, unexpected } from "./validate.ts";

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
  return typeof value === "object" && value !== null &&
    typeof (value as AbortController).abort === "function" &&
    isSignal((value as AbortController).signal);
}

type Opener = (value: object) => CancelNode | undefined;

const openers = new Set<Opener>();

/**
 * Teaches the library to find the node behind a class of its own, so that no
 * signal has to be made for listening to it. Constructors call it: a module
 * that did something when it is loaded would be in every bundle.
 */
export function opensWith(opener: Opener): void {
  openers.add(opener);
}

/** Recognises a source, or throws a TypeError that shows what came instead. */
export function toSource(value: unknown, what: string): Source {
  if (typeof value === "object" && value !== null) {
    if (value instanceof CancelNode) return value;
    for (const open of openers) {
      const node = open(value);
      if (node !== undefined) return node;
    }
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
  if (source instanceof CancelNode) {
    return (source.bits & CANCELLING) === 0 ? undefined : source.record!;
  }
  return signalRecord(source);
}

/** Adds a listener to a source that is not cancelled. */
export function subscribe(source: Source, listener: Listener): void {
  if (source instanceof CancelNode) listen(source, listener);
  else listenToSignal(source, listener);
}
