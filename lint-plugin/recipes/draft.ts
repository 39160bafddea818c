import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getIndent, getProgram } from "../syntax/nodes.ts";
import type { Edit, RuleContext } from "../host/rule.ts";
import { indentLines } from "../edits/blocks.ts";
import { directFixer } from "./direct_fixer.ts";
import { editImports } from "./imports.ts";
import { type Entry, findName, isCommonJs } from "./own_imports.ts";

type Range = readonly [number, number];

/** One edit of a recipe: what changes, and which imports come and go with it. */
export class Draft {
  readonly node: ES.Node;
  readonly #context: RuleContext;
  readonly #edits: Edit[] = [];
  /** Nodes whose text is written again. */
  readonly #kept: Range[] = [];
  readonly #wanted = new Map<string, { entry: Entry; local: string }>();

  readonly #written = new Set<string>();

  constructor(context: RuleContext, node: ES.Node) {
    this.#context = context;
    this.node = node;
  }

  /** Why the edit can't be made at all. */
  get obstacle(): string | undefined {
    return isCommonJs(getProgram(this.node))
      ? "the file is CommonJS"
      : undefined;
  }

  /** How the file writes the export; an import is added if it has none. */
  use(name: string, entry: Entry = "."): string {
    const known = this.#wanted.get(name)?.local;
    if (known !== undefined) return known;
    const { local, isNew } = findName(this.#context, {
      name,
      entry,
      at: this.node,
    });
    if (isNew) this.#wanted.set(name, { entry, local });
    this.#written.add(local.replace(/\..*/, ""));
    return local;
  }

  /** Imports the export under a name that the edit takes from the file. */
  useAs(name: string, local: string): void {
    this.#wanted.set(name, { entry: ".", local });
    this.#written.add(local);
  }

  /** The text of a node that stays, with the indentation of the draft's node. */
  keep(node: ES.Node): string {
    return this.move(node, this.keepRaw(node));
  }

  /** The same as it is, for what takes it apart by its places. */
  keepRaw(node: ES.Node): string {
    this.#kept.push(node.range);
    return this.#context.sourceCode.getText(node);
  }

  /** Indents what was made of a node's text as the draft's node is. */
  move(node: ES.Node, text: string): string {
    const width = getIndent(this.#context, node).length -
      getIndent(this.#context, this.node).length;
    // In a template, space is text.
    if (width <= 0 || /`[^`]*\n[^`]*`/.test(text)) return text;
    return text.replace(new RegExp(`\\n[ \\t]{${width}}`, "g"), "\n");
  }

  /** How the file ends such a statement. */
  end(statement: ES.Node): ";" | "" {
    const text = this.#context.sourceCode.getText(statement);
    return text.endsWith(";") ? ";" : "";
  }

  replace(node: ES.Node, text: string): void {
    this.replaceRange(node.range, text);
  }

  replaceRange(range: Range, text: string): void {
    this.#edits.push({ range, text });
  }

  /** Writes at an offset. */
  insert(offset: number, text: string): void {
    this.#edits.push({ range: [offset, offset], text });
  }

  /**
   * Indents the lines that begin in the range one level more, but for those that
   * go by edits made so far. The node contains the range.
   */
  indent(range: Range, within: ES.Node): void {
    const text = this.#context.sourceCode.getText();
    const goes = (at: number) =>
      this.#edits.some(({ range: [start, end] }) =>
        start <= at && at < end && /\S/.test(text.slice(start, end))
      );
    for (
      const edit of indentLines(this.#context, directFixer, range, within)
    ) {
      if (!goes(edit.range[0])) this.#edits.push(edit);
    }
  }

  /** Removes a statement with the lines that it stands on. */
  removeStatement(node: ES.Node): void {
    this.replaceRange(wholeLines(this.#context, node), "");
  }

  /** In the order of the text; names that nothing uses any more go as well. */
  getEdits(): Edit[] {
    const isGone = (range: Range): boolean =>
      this.#edits.some((edit) => contains(edit.range, range)) &&
      !this.#kept.some((kept) => contains(kept, range));
    const imports = editImports(this.#context, {
      program: getProgram(this.node),
      wanted: this.#wanted,
      written: this.#written,
      isGone,
    });
    return [...this.#edits, ...imports].sort((a, b) =>
      a.range[0] - b.range[0] || a.range[1] - b.range[1]
    );
  }
}

function contains(outer: Range, inner: Range): boolean {
  return outer[0] <= inner[0] && inner[1] <= outer[1];
}

/** The range of the node, with its lines if nothing else stands on them. */
export function wholeLines(context: RuleContext, node: ES.Node): Range {
  const text = context.sourceCode.getText();
  const [start, end] = node.range;
  const before = /[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0;
  const after = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(end))?.[0];
  const isFirst = start === before || text[start - before - 1] === "\n";
  if (after === undefined || !isFirst) return [start, end];
  const from = start - before;
  let to = end + after.length;
  // No empty line stays at the beginning of a block, or beside another one.
  const blank = /^[ \t]*\r?\n/.exec(text.slice(to))?.[0].length ?? 0;
  if (/(?:^|\{[ \t]*\r?\n|\n[ \t]*\r?\n)$/.test(text.slice(0, from))) {
    to += blank;
  }
  return [from, to];
}
