import { currentNode } from "./current.ts";
import { comesDown, follow } from "./follow.ts";
import { cancelTree, inherit, link, root, SHIELDED } from "./node.ts";
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
 * Puts a new scope into the tree: on the current node, or, where that isn't
 * known, on the source if it is a node of ours that runs. A source on which it
 * doesn't hang is followed. With `null` nothing from outside cancels it.
 *
 * @returns What ends the following.
 */
export function hang(
  node: ScopeNode,
  source: Source | null | undefined,
): () => void {
  if (source === null) node.bits |= SHIELDED;
  const given = source ?? undefined;
  const parent = currentNode() ?? (hangs(given) ? given : root);
  link(parent, node);
  inherit(node);
  if (given === undefined || given === parent) return nothing;
  return follow(given, (record) => cancelTree(node, comesDown(given, record)));
}
