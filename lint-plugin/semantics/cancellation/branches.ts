/** Branches of a handler that are written for cancellations. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { contains, type Maybe } from "../../syntax/nodes.ts";
import { findInFlow } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import { evaluateField, evaluateTest, isErrorTest } from "./error_checks.ts";
import type { Exit } from "./flow.ts";
import { getHandlerError } from "./handlers.ts";

/** Whether the handler asks its error whether it is a cancellation. */
export function testsError(
  context: RuleContext,
  handler: ES.CatchClause,
): boolean {
  const error = getHandlerError(handler);
  if (error === undefined) return false;
  const test = findInFlow(
    context,
    handler.body,
    (node) =>
      isErrorTest(context, node, error) ||
      isErrorSwitch(context, node, error) ||
      undefined,
  );
  return test !== undefined;
}

/** `switch (error.name)` with a case for cancellations. */
function isErrorSwitch(
  context: RuleContext,
  node: ES.Node,
  error: string,
): boolean {
  if (node.type !== "SwitchStatement") return false;
  const { discriminant } = node;
  return discriminant.type === "MemberExpression" &&
    discriminant.object.type === "Identifier" &&
    discriminant.object.name === error &&
    node.cases.some(({ test }) =>
      test !== null && evaluateField(context, discriminant, test) === "yes"
    );
}

/** Whether the exit stands in a branch for cancellations. */
export function isExplicit(
  context: RuleContext,
  exit: Exit,
  handler: ES.Node,
): boolean {
  const error = getHandlerError(handler);
  let node: Maybe<ES.Node> = exit.parent;
  while (node && node !== handler) {
    if (node.type === "IfStatement") {
      const verdict = evaluateTest(context, node.test, error);
      const side = verdict === "yes" ? node.consequent : node.alternate;
      if (verdict !== "unknown" && side && contains(side, exit)) return true;
    }
    if (node.type === "SwitchCase" && node.test) {
      const { discriminant } = node.parent as ES.SwitchStatement;
      if (evaluateField(context, discriminant, node.test) === "yes") {
        return true;
      }
    }
    node = node.parent;
  }
  return false;
}
