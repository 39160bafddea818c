import { nodeWords } from "./node_words.ts";
import { printable } from "./printable.ts";
import type { TaskTree } from "./task_tree.ts";
import { treeLines } from "./tree_lines.ts";

/** A text as the label of a node: nothing in it is taken for markup. */
function label(text: string): string {
  const safe = text.replace(
    /[^\p{L}\p{N} .,:;/()%…<=+-]/gu,
    (character) => `#${character.codePointAt(0)};`,
  );
  return `"${safe.replaceAll("<", "#lt;")}"`;
}

/** The tree as a Mermaid flowchart: owners above, waits dotted. */
export function mermaidTree(tree: TaskTree): string {
  const lines = ["flowchart TD"];
  const waits: string[] = [];
  for (const { node, owner } of treeLines(tree)) {
    const text = label(
      [printable(node.name), ...nodeWords(node)].join(", "),
    );
    const [open, close] = node.kind === "task" ? ["[", "]"] : ["([", "])"];
    lines.push(`  n${node.id}${open}${text}${close}`);
    if (owner !== undefined) lines.push(`  n${owner.id} --> n${node.id}`);
    for (const { id } of node.waits) {
      if (id !== undefined) waits.push(`  n${node.id} -. waits .-> n${id}`);
    }
  }
  return [...lines, ...waits].join("\n");
}
