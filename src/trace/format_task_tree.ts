import { optionsOf } from "../core/options.ts";
import { oneOf, unexpected } from "../core/validate.ts";
import { jsonTree } from "./json_tree.ts";
import { mermaidTree } from "./mermaid_tree.ts";
import type { TaskTree } from "./task_tree.ts";
import { textTree } from "./text_tree.ts";

/** How {@linkcode formatTaskTree} writes a tree. */
export type TaskTreeFormat = "text" | "mermaid" | "json";

/** Options of {@linkcode formatTaskTree}. */
export interface FormatTaskTreeOptions {
  /**
   * `text` for a terminal, `mermaid` for a chart in Markdown, `json` for other
   * programs. Default: `text`.
   */
  format?: TaskTreeFormat | undefined;
}

const FORMATS = { text: textTree, mermaid: mermaidTree, json: jsonTree };

/**
 * Writes a tree of tasks: as text like `pstree`, as a Mermaid chart, or as
 * JSON. Names, reasons and stages are data: escape sequences, markup and line
 * ends in them are written out, and what is longer than 200 characters is cut
 * (not in JSON).
 *
 * @example
 * A tree in the terminal
 * ```ts
 * import { createTask, sleep } from "@mdc/tasks";
 * import { formatTaskTree, taskTree } from "@mdc/tasks/trace";
 *
 * const server = createTask(async () => {
 *   await createTask(() => sleep(60_000), { name: "handler" });
 * }, { name: "server" });
 * const text = formatTaskTree(taskTree());
 * server.cancel();
 * console.log(text.replaceAll(/#\d+/g, "#id"));
 * // ["2 tasks run", "server (#id)", "└─ handler (#id)"].join("\n")
 * ```
 *
 * @param tree What `taskTree()` gave.
 * @param options The format.
 * @returns The text, without a line end.
 * @throws {TypeError} If `tree` is no tree or the format is unknown.
 */
export function formatTaskTree(
  tree: TaskTree,
  options?: FormatTaskTreeOptions,
): string {
  const { format = "text" } = optionsOf<FormatTaskTreeOptions>(
    options,
    "formatTaskTree()",
    ["format"],
  );
  oneOf(format, Object.keys(FORMATS), "format");
  if (!Array.isArray((tree as TaskTree | null | undefined)?.roots)) {
    throw unexpected("format a tree", "what taskTree() gave", tree);
  }
  return FORMATS[format](tree);
}
