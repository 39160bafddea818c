import { currentNode } from "./current.ts";
import { comesDown, follow } from "./follow.ts";
import {
  type CancelNode,
  cancelTree,
  inherit,
  isWithin,
  link,
  root,
} from "./node.ts";
import { hangs, type ScopeNode } from "./scope_node.ts";
import { type CancelSource, type Source, toSource } from "./source.ts";

const nothing = (): void => {};

/** What a `signal` option says: a source, nobody on purpose, or nothing. */
export function sourceOption(
  signal: CancelSource | null | undefined,
  what: string,
): Source | null | undefined {
  return signal === undefined || signal === null
    ? signal
    : toSource(signal, `the signal of ${what}`);
}

/**
 * What a new scope hangs on: the source, if it is a node of ours that runs and
 * lies in the current one, or if that isn't known; else the current one.
 */
function parentOf(source: Source | undefined): CancelNode {
  const current = currentNode();
  if (!hangs(source)) return current ?? root;
  return current === undefined || isWithin(source, current) ? source : current;
}

/**
 * Puts a new scope into the tree. A source on which it doesn't hang is
 * followed.
 *
 * @returns What ends the following.
 */
export function hang(
  node: ScopeNode,
  source: Source | null | undefined,
): () => void {
  const given = source ?? undefined;
  const parent = parentOf(given);
  link(parent, node);
  inherit(node);
  if (given === undefined || given === parent) return nothing;
  return follow(given, (record) => cancelTree(node, comesDown(given, record)));
}
