/** Edits of statements. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getIndent, getStatement } from "../syntax/nodes.ts";
import { endStatement } from "./blocks.ts";
import { isFirstInLine } from "../syntax/text.ts";
import type { Edit, Fix, Fixer, RuleContext } from "../host/rule.ts";

/** Writes a statement before the one in a block that contains the node. */
export function insertBefore(
  context: RuleContext,
  node: ES.Node,
  text: string,
): Fix | undefined {
  const statement = getStatement(node);
  if (!statement) return undefined;
  const start = statement.range[0];
  const isFirstOnLine = isFirstInLine(context.sourceCode.getText(), start);
  const separator = isFirstOnLine ? `\n${getIndent(context, statement)}` : " ";
  const added = isFirstOnLine ? endBefore(context, statement, text) : text;
  return (fixer) => fixer.insertTextBefore(statement, added + separator);
}

/** Without its semicolon in a file that has none, unless what follows needs it. */
function endBefore(context: RuleContext, next: ES.Node, text: string): string {
  return /^[([`+\-/]/.test(context.sourceCode.getText(next))
    ? text
    : endStatement(context, text);
}

/** Writes a statement after the given one. */
export function insertAfter(
  context: RuleContext,
  statement: ES.Node,
  text: string,
): (fixer: Fixer) => Edit {
  const [, end] = statement.range;
  const isLastOnLine = /^[ \t]*(?:\/\/.*)?(?:\r?\n|$)/.test(
    context.sourceCode.getText().slice(end, end + 2000),
  );
  const separator = isLastOnLine ? `\n${getIndent(context, statement)}` : " ";
  const added = isLastOnLine ? endStatement(context, text) : text;
  return (fixer) => fixer.insertTextAfter(statement, separator + added);
}

/** Writes a statement first in the block. */
export function insertFirst(
  context: RuleContext,
  fixer: Fixer,
  block: ES.BlockStatement,
  text: string,
): Edit {
  const [first] = block.body;
  const start = block.range[0];
  if (!first) {
    return fixer.insertTextAfterRange([start, start + 1], ` ${text} `);
  }
  const isOwnLine = context.sourceCode.getText()
    .slice(start, first.range[0]).includes("\n");
  const separator = isOwnLine ? `\n${getIndent(context, first)}` : " ";
  const added = isOwnLine ? endBefore(context, first, text) : text;
  return fixer.insertTextBefore(first, added + separator);
}

/** Writes a statement first in the loop's body, which becomes a block. */
export function startRound(
  context: RuleContext,
  fixer: Fixer,
  body: ES.Statement,
  text: string,
): Edit {
  return body.type === "BlockStatement"
    ? insertFirst(context, fixer, body, text)
    : fixer.replaceText(
      body,
      `{ ${text} ${context.sourceCode.getText(body)} }`,
    );
}
