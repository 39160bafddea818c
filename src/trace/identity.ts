import { type CancelNode, root } from "../core/node.ts";
import { isScopeNode, type ScopeNode } from "../core/scope_node.ts";
import { shared } from "../core/shared.ts";
import { isTaskNode, type TaskNode } from "../core/task_node.ts";
import type { TraceKind } from "./events.ts";

/** What the tree is made of, as far as it is shown. */
export type Shown = TaskNode<unknown> | ScopeNode;

const scopeIds = /* @__PURE__ */ shared(
  "scopeIds",
  () => ({ last: 0, of: new WeakMap<CancelNode, string>() }),
);

/** Whether a node is shown: a task, scope or group. */
export function isShown(node: unknown): node is Shown {
  return isTaskNode(node) || isScopeNode(node);
}

/** The id of a node, for as long as the process lives. */
export function idOf(node: Shown): string {
  if (isTaskNode(node)) return String(node.id);
  let id = scopeIds.of.get(node);
  // Scopes are numbered only when somebody looks: that costs no other.
  if (id === undefined) scopeIds.of.set(node, id = `s${++scopeIds.last}`);
  return id;
}

/** What a node is. */
export function kindOf(node: Shown): TraceKind {
  if (isTaskNode(node)) return "task";
  return node.passes === "group" ? "group" : "scope";
}

/** The id of what a node belongs to, if it belongs to anything. */
export function ownerIdOf(node: Shown): string | undefined {
  const { up } = node;
  return up === null || up === root || !isShown(up) ? undefined : idOf(up);
}
