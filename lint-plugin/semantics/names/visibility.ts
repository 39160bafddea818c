/** Whether an expression means the same somewhere else. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getEnclosingFunction,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getVariable, lookUp } from "./variables.ts";

/**
 * Whether an expression made of names can be written at the other place and
 * means the same there: the same variable, or the same `this`.
 */
export function isVisibleAt(
  context: RuleContext,
  expression: ES.Node,
  place: ES.Node,
): boolean {
  let root = unwrap(expression);
  while (root.type === "MemberExpression" && !root.computed) {
    root = unwrap(root.object);
  }
  if (root.type === "ThisExpression") {
    return getThisScope(root) === getThisScope(place);
  }
  return root.type === "Identifier" &&
    lookUp(context, root.name, place) === getVariable(context, root);
}

/** What decides about `this`: the class for its methods, else the function. */
function getThisScope(node: ES.Node): Maybe<ES.Node> {
  let around: Maybe<FunctionNode> = getEnclosingFunction(node);
  while (around?.type === "ArrowFunctionExpression") {
    around = getEnclosingFunction(around);
  }
  return around?.parent?.type === "MethodDefinition"
    ? around.parent.parent
    : around;
}
