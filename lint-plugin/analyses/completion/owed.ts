/** From where on a function owes the signal. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { type FunctionNode, getMethodCall } from "../../syntax/nodes.ts";
import { findInFlow, someInFlow } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getSubjectKey } from "./calls.ts";

const ACQUIRES = /^(?:try)?(?:acquire|lock|take|enter|reserve|obtain|request)/i;

/**
 * The end of the code that made or acquired the subject, or the beginning of the
 * function. Undefined if `using` releases it.
 */
export function getAcquisitionEnd(
  context: RuleContext,
  home: FunctionNode,
  call: ES.CallExpression,
  key: string,
): number | undefined {
  let end = getRegion(home, call).range[0];
  let isDisposed = false;
  findInFlow(context, home.body, (node) => {
    if (node.range[0] >= call.range[0]) return "skip";
    if (node.range[1] > call.range[0]) return undefined;
    if (node.type === "VariableDeclarator" && declares(context, node, key)) {
      const { kind } = node.parent as ES.VariableDeclaration;
      isDisposed = kind.endsWith("using");
      end = Math.max(end, node.range[1]);
    }
    if (isAcquiring(context, node, key)) end = Math.max(end, node.range[1]);
    return undefined;
  });
  return isDisposed ? undefined : end;
}

/** A call in a catch is about what happens there. */
function getRegion(home: FunctionNode, call: ES.Node): ES.Node {
  let node: ES.Node = call;
  while (node !== home && node.parent) {
    if (node.type === "CatchClause") return node.body;
    node = node.parent;
  }
  return home.body;
}

function declares(
  context: RuleContext,
  { id }: ES.VariableDeclarator,
  key: string,
): boolean {
  const root = key.split(".")[0];
  return id.type === "Identifier" ? id.name === root : someInFlow(
    context,
    id,
    (each) => each.type === "Identifier" && each.name === root,
  );
}

function isAcquiring(
  context: RuleContext,
  node: ES.Node,
  key: string,
): boolean {
  if (node.type === "AssignmentExpression") {
    return getSubjectKey(context, node.left) === key;
  }
  const method = node.type === "CallExpression"
    ? getMethodCall(node)
    : undefined;
  return method !== undefined && ACQUIRES.test(method.name) &&
    getSubjectKey(context, method.object) === key;
}
