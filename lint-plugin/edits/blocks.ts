/** White space of statements that move into a block. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { oncePerFile } from "../syntax/text.ts";
import { find } from "../syntax/walk.ts";
import type { Edit, Fixer, RuleContext } from "../host/rule.ts";

/** What one level of indentation is in the file. */
export const getIndentUnit: (context: RuleContext) => string = oncePerFile(
  (context) => findIndentUnit(context.sourceCode.getText()),
);

function findIndentUnit(text: string): string {
  const widths = new Set<number>();
  for (const [, white = ""] of text.matchAll(/^([ \t]+)(?![ \t*])\S/gm)) {
    if (white.startsWith("\t")) return "\t";
    widths.add(white.length);
  }
  const narrowest = Math.min(...widths);
  return " ".repeat(narrowest >= 2 && narrowest <= 8 ? narrowest : 2);
}

/** Whether the file ends its statements with semicolons. */
const hasSemicolons = oncePerFile((context): boolean => {
  const text = context.sourceCode.getText();
  const ended = text.match(/;[ \t]*(?:\}|\r?$)/gm)?.length ?? 0;
  const bare = text.match(/[\w)\]"'`][ \t]*\r?$/gm)?.length ?? 0;
  return ended * 4 >= bare;
});

/** The statement as the file would end it: with a semicolon or without. */
export function endStatement(context: RuleContext, statement: string): string {
  return hasSemicolons(context) ? statement : statement.replace(/;$/, "");
}

/**
 * Indents the lines that begin in the range one level more, but not those in a
 * template, where space is text. The node contains the range.
 */
export function indentLines(
  context: RuleContext,
  fixer: Fixer,
  [start, end]: readonly [number, number],
  within: ES.Node,
): Edit[] {
  const unit = getIndentUnit(context);
  const text = context.sourceCode.getText();
  const templates: (readonly [number, number])[] = [];
  find(context, within, (each) => {
    if (each.type === "TemplateLiteral") templates.push(each.range);
    return undefined;
  });
  const edits: Edit[] = [];
  for (
    let at = text.indexOf("\n", start);
    at >= 0 && at < end;
    at = text.indexOf("\n", at + 1)
  ) {
    const isText = templates.some(([from, to]) => at > from && at < to);
    if (isText || /^[ \t]*\r?\n/.test(text.slice(at + 1, at + 80))) continue;
    edits.push(fixer.insertTextAfterRange([at, at + 1], unit));
  }
  return edits;
}
