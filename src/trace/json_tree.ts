import { reasonLinks } from "./reason_links.ts";
import type { TaskTree, TaskTreeNode } from "./task_tree.ts";
import { treeLines } from "./tree_lines.ts";

/** A node without its children, up to where they begin. */
function opened({ children: _, reason, ...facts }: TaskTreeNode): string {
  const flat = reason === undefined
    ? facts
    : { ...facts, reason: reasonLinks(reason) };
  return `${JSON.stringify(flat).slice(0, -1)},"children":[`;
}

/**
 * The tree as JSON, a node a line. The reason is the list of its links, the
 * nearest first. Written piece by piece: `JSON.stringify()` of a chain of
 * owners that is longer than the stack is deep would throw.
 */
export function jsonTree({ roots, ...facts }: TaskTree): string {
  const parts: string[] = [];
  let depth = 0; // How many nodes are open.
  for (const { node, depth: level } of treeLines({ roots, ...facts })) {
    // What is open and not above this node is closed.
    for (; depth > level; depth--) parts.push("]}");
    const before = parts.at(-1);
    parts.push(before === "]}" ? ",\n" : "\n", opened(node));
    depth = level + 1;
  }
  for (; depth > 0; depth--) parts.push("]}");
  const head = JSON.stringify(facts).slice(0, -1);
  return `${head},"roots":[${parts.join("")}\n]}`;
}
