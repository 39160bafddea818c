import type { TSESTree as ES } from "@typescript-eslint/utils";
import { isNullish, unwrap } from "../syntax/nodes.ts";

/** Whether it makes no difference when the expression is evaluated. */
export function isPlainValue(node: ES.Node): boolean {
  const value = unwrap(node);
  switch (value.type) {
    case "Literal":
    case "Identifier":
      return true;
    case "TemplateLiteral":
      return value.expressions.length === 0;
    case "ArrayExpression":
      return value.elements.every((each) =>
        each !== null && isPlainValue(each)
      );
    case "ObjectExpression":
      return value.properties.every((each) =>
        each.type === "Property" && !each.computed && isPlainValue(each.value)
      );
    case "UnaryExpression":
      return isNullish(value) || value.argument.type === "Literal";
    default:
      return false;
  }
}
