/** Positions in which the value of an expression is lost. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getEnclosingFunction, unwrap } from "../../syntax/nodes.ts";
import type { RuleContext, Visitor } from "../../host/rule.ts";
import { oncePerFile } from "../../syntax/text.ts";

/**
 * Whether a comment on the line before turns the rule of others for dropped
 * promises off: the author has seen it.
 */
export function isWaived(context: RuleContext, node: ES.Node): boolean {
  if (!hasWaiver(context)) return false;
  const text = context.sourceCode.getText();
  const start = text.lastIndexOf("\n", node.range[0]) + 1;
  const before = text.slice(text.lastIndexOf("\n", start - 2) + 1, start);
  return /^\s*\/\/.*(?:disable-next-line|ignore).*no-floating-promises/
    .test(before);
}

/** Asked for first: looking for a line's start is slow where lines are long. */
const hasWaiver = oncePerFile((context) =>
  /no-floating-promises/
    .test(context.sourceCode.getText())
);

/** How a value is lost. */
export type Loss =
  | { readonly kind: "dropped" | "voided" }
  | { readonly kind: "unread"; readonly name: string };

/** Visits every expression whose value is lost. */
export function visitDropped(
  context: RuleContext,
  { allowVoid }: { allowVoid: boolean },
  visit: (expression: ES.Node, loss: Loss) => void,
): Visitor {
  function visitAll(expression: ES.Node, loss: Loss): void {
    for (const each of getValueArms(expression)) visit(each, loss);
  }

  return {
    ExpressionStatement(node: ES.ExpressionStatement) {
      visitAll(node.expression, { kind: "dropped" });
    },
    SequenceExpression(node: ES.SequenceExpression) {
      // The last member is the value of the whole.
      for (const each of node.expressions.slice(0, -1)) {
        visitAll(each, { kind: "dropped" });
      }
    },
    UnaryExpression(node: ES.UnaryExpression) {
      if (node.operator === "void" && !allowVoid) {
        visitAll(node.argument, { kind: "voided" });
      }
    },
    VariableDeclarator(node: ES.VariableDeclarator) {
      if (node.id.type !== "Identifier" || !node.init) return;
      if (!isLocalUnread(context, node)) return;
      visitAll(node.init, { kind: "unread", name: node.id.name });
    },
  };
}

/** The expressions whose values are the value of the whole. */
export function getValueArms(expression: ES.Node): ES.Node[] {
  const node = unwrap(expression);
  switch (node.type) {
    case "LogicalExpression":
      return getValueArms(node.right);
    case "ConditionalExpression":
      return [
        ...getValueArms(node.consequent),
        ...getValueArms(node.alternate),
      ];
    case "SequenceExpression":
      return getValueArms(node.expressions.at(-1) as ES.Node);
    default:
      return [node];
  }
}

function isLocalUnread(
  context: RuleContext,
  declarator: ES.VariableDeclarator,
): boolean {
  // `await using` reads the variable when the block is left.
  if (/using/.test((declarator.parent as ES.VariableDeclaration).kind)) {
    return false;
  }
  return getEnclosingFunction(declarator) !== undefined &&
    context.sourceCode.getDeclaredVariables(declarator).every((variable) =>
      variable.references.every((each) => each.isWrite() && !each.isRead())
    );
}
