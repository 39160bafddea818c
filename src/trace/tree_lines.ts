import type { TaskTree, TaskTreeNode } from "./task_tree.ts";

/** A node of the tree with its place in it. */
export interface TreeLine {
  readonly node: TaskTreeNode;
  /** Its owner; absent for what belongs to nobody. */
  readonly owner: TaskTreeNode | undefined;
  /** How many owners it has above it. */
  readonly depth: number;
  /**
   * Of each level from the outermost, down to the deepest that is drawn:
   * whether it is the last of its row.
   */
  readonly last: readonly boolean[];
}

/** How deep a tree is drawn. */
export const DEEPEST = 40;

/**
 * The nodes of a tree, each before its children. Without recursion: a chain of
 * owners may be longer than the stack is deep.
 */
export function* treeLines(tree: TaskTree): Generator<TreeLine> {
  const rest: TreeLine[] = [];
  const push = (
    nodes: readonly TaskTreeNode[],
    owner: TaskTreeNode | undefined,
    depth: number,
    above: readonly boolean[],
  ) => {
    for (let i = nodes.length - 1; i >= 0; i--) {
      const end = i === nodes.length - 1;
      const last = depth > DEEPEST ? above : [...above, end];
      rest.push({ node: nodes[i]!, owner, depth, last });
    }
  };
  push(tree.roots, undefined, 0, []);
  for (let line = rest.pop(); line !== undefined; line = rest.pop()) {
    yield line;
    push(line.node.children, line.node, line.depth + 1, line.last);
  }
}
