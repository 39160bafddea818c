/** Abort controllers: what is one. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { CONTROLLER } from "../../vocabulary/names.ts";
import { getLastName, type Maybe, unwrap } from "../../syntax/nodes.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getAnnotatedType } from "../names/member_types.ts";
import { getInitialiser, getVariable, isGlobal } from "../names/variables.ts";

/** Whether the expression is `new AbortController()`. */
export function isNewController(
  context: RuleContext,
  node: Maybe<ES.Node>,
): boolean {
  const made = unwrap(node);
  return made?.type === "NewExpression" &&
    isGlobal(context, made.callee, "AbortController");
}

/** Whether the expression is a controller, by origin, annotation or name. */
export function isController(
  context: RuleContext,
  node: Maybe<ES.Node>,
): boolean {
  const inner = unwrap(node);
  if (inner?.type !== "Identifier" && inner?.type !== "MemberExpression") {
    return isNewController(context, inner);
  }
  if (inner.type === "Identifier") {
    const made = getInitialiser(getVariable(context, inner));
    if (isNewController(context, made)) return true;
  }
  const type = getAnnotatedType(context, inner);
  return type
    ? /\bAbortController\b/.test(context.sourceCode.getText(type))
    : CONTROLLER.test(getLastName(inner) ?? "");
}
