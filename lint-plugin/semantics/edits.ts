/** Edits of statements. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getIndent, getStatement } from "../_ast.ts";
import type { Fix, RuleContext } from "../_rule.ts";

/** Writes a statement before the one in a block that contains the node. */
export function insertBefore(
  context: RuleContext,
  node: ES.Node,
  text: string,
): Fix | undefined {
  const statement = getStatement(node);
  if (!statement) return undefined;
  const start = statement.range[0];
  const line = context.sourceCode.getText().slice(0, start);
  const isFirstOnLine = /(?:^|\n)[ \t]*$/.test(line);
  const separator = isFirstOnLine ? `\n${getIndent(context, statement)}` : " ";
  return (fixer) => fixer.insertTextBefore(statement, text + separator);
}
