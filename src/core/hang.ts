import { cancelTree, inherit } from "./cancel_tree.ts";
import { currentNode } from "./current.ts";
import { comesDown, follow } from "./follow.ts";
import { link, SHIELDED } from "./node.ts";
import { nothing } from "./quiet.ts";
import { parentFor, type ScopeNode } from "./scope_node.ts";
import { type CancelSource, type Source, toSource } from "./source.ts";
import { callerOf } from "./waiter.ts";

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
 * Puts a new scope into the tree. A source on which it doesn't hang is
 * followed.
 *
 * @returns What ends the following.
 */
export function hang(
  node: ScopeNode,
  source: Source | null | undefined,
  what: string,
): () => void {
  const given = source ?? undefined;
  const current = source === undefined ? callerOf(what) : currentNode();
  const parent = parentFor(current, given);
  link(parent, node);
  node.origin = parent.origin;
  inherit(node);
  if (given === parent) return nothing;
  return follow(given, (record) => {
    if ((node.bits & SHIELDED) === 0) {
      cancelTree(node, comesDown(given, record));
    }
  });
}
