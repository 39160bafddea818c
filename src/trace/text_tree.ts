import { nodeWords } from "./node_words.ts";
import { printable } from "./printable.ts";
import type { TaskTree } from "./task_tree.ts";
import { DEEPEST, type TreeLine, treeLines } from "./tree_lines.ts";

/** What leads to a node; one that lies too deep says how deep. */
function branches({ depth, last }: TreeLine): string {
  if (depth === 0) return "";
  if (depth > DEEPEST) return `[${depth}] `;
  const above = last.slice(1, -1).map((end) => end ? "   " : "│  ").join("");
  return above + (last.at(-1) === true ? "└─ " : "├─ ");
}

/** The tree as lines for a terminal, like `pstree` writes processes. */
export function textTree(tree: TaskTree): string {
  const { tasks, cycles } = tree;
  const lines = [tasks === 1 ? "1 task runs" : `${tasks} tasks run`];
  for (const line of treeLines(tree)) {
    const { node } = line;
    const what = node.kind === "task" ? `#${node.id}` : node.kind;
    const words = [what, ...nodeWords(node)].join(", ");
    lines.push(`${branches(line)}${printable(node.name)} (${words})`);
  }
  for (const cycle of cycles) {
    const names = cycle.map(({ name, id }) => `${printable(name)} (#${id})`);
    lines.push(
      `They wait for each other: ${[...names, names[0]].join(" -> ")}`,
    );
  }
  return lines.join("\n");
}
