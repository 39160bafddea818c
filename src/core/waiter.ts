import { currentNode } from "./current.ts";
import { type CancelNode, root } from "./node.ts";
import { optionsOf } from "./options.ts";
import { type CancelSource, type Source, toSource } from "./source.ts";

/** Options of a wait that can be cancelled. */
export interface WaitOptions {
  /**
   * Whose cancellation ends the wait. The default is the current task (or the
   * innermost scope that runs in it); `null` says that nobody's does.
   */
  signal?: CancelSource | null | undefined;
}

/**
 * The current node, for a call that was given neither `signal` nor `parent`.
 * Where the runtime can't follow `await`, it is unknown after one: while tasks
 * are alive that is told, with the place.
 */
export function callerOf(what: string): CancelNode | undefined {
  const node = currentNode();
  if (node === undefined) root.head?.lost?.(what, callerOf);
  return node;
}

/** Whose cancellation ends a call: the one given, or else the current node. */
export function givenOrCaller(
  signal: unknown,
  what: string,
): Source | undefined {
  if (signal === null) return undefined;
  return signal === undefined
    ? callerOf(what)
    : toSource(signal, `the signal of ${what}`);
}

/** Whose cancellation ends a wait, by its options. */
export function waiterOf(
  options: WaitOptions | undefined,
  what: string,
): Source | undefined {
  if (options === undefined) return callerOf(what);
  const { signal } = optionsOf<WaitOptions>(options, what, ["signal"]);
  return givenOrCaller(signal, what);
}
