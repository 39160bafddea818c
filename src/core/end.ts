import { handOver } from "./cancel_tree.ts";
import { vacate } from "./current.ts";
import { releaseFailures } from "./failures.ts";
import {
  type CancelNode,
  DONE,
  HAS_FAILURES,
  HAS_RELEASES,
  unlink,
} from "./node.ts";
import { observed } from "./observed.ts";
import { shared } from "./shared.ts";

/** What is to be called when a node ends. */
const releases: WeakMap<CancelNode, Set<() => void>> = /* @__PURE__ */ shared(
  "releases",
  () => new WeakMap(),
);

/**
 * Calls `release` once when `node` ends, in the same tick. Unlike a reaction
 * on a promise it can be taken back, so that nothing piles up on a node that
 * outlives those who wait for it.
 *
 * @returns What takes it back.
 */
export function onEnd(node: CancelNode, release: () => void): () => void {
  let set = releases.get(node);
  if (set === undefined) {
    releases.set(node, set = new Set());
    node.bits |= HAS_RELEASES;
  }
  const once = () => release();
  set.add(once);
  return () => set.delete(once);
}

/** What every node does when it ends, be it a task or a scope. */
export function end(node: CancelNode): void {
  node.bits |= DONE;
  if (node.head !== null) handOver(node);
  unlink(node);
  vacate(node);
  if ((node.bits & HAS_RELEASES) !== 0) {
    for (const release of releases.get(node) ?? []) release();
    releases.delete(node);
  }
  if ((node.bits & HAS_FAILURES) !== 0) releaseFailures(node);
  observed.by?.ended(node);
}
