/** Where a task of `@mdc/tasks` is cancelled, and by whom. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getEnclosingFunction,
  isFunctionExpression,
  outermost,
  unwrap,
} from "../../syntax/nodes.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getBehaviour } from "./api.ts";
import {
  getDestructuredMember,
  getMdcCall,
  getMdcName,
  getMdcThing,
  importsMdc,
  isTaskBody,
} from "./calls.ts";

/**
 * The task body around the node: through plain callbacks, not through methods or
 * function declarations, and not out of a `shield`, where the outer cancellation
 * does not arrive.
 */
export function getTaskBody(
  context: RuleContext,
  node: ES.Node,
): FunctionNode | undefined {
  if (!importsMdc(context, node)) return undefined;
  let around = getEnclosingFunction(node);
  while (around) {
    if (isTaskBody(context, around)) return around;
    const call = outermost(around).parent;
    if (
      !isFunctionExpression(around) || call?.type !== "CallExpression" ||
      getMdcCall(context, call) === "shield"
    ) return undefined;
    around = getEnclosingFunction(around);
  }
  return undefined;
}

/** Whether the signal is that of the context which the task's body was given. */
export function isTaskSignal(context: RuleContext, signal: ES.Node): boolean {
  if (!importsMdc(context, signal)) return false;
  const node = unwrap(signal);
  if (node.type === "MemberExpression") {
    return getMdcThing(context, node.object) === "context";
  }
  return node.type === "Identifier" &&
    getDestructuredMember(context, node) === "signal";
}

/** Whether the call waits under the current task's cancellation by itself. */
export function isImplicitPoint(context: RuleContext, call: ES.Node): boolean {
  if (!importsMdc(context, call)) return false;
  const name = getMdcCall(context, call);
  if (!getBehaviour(name)?.waits) return false;
  return name?.startsWith("context.") === true ||
    getTaskBody(context, call) !== undefined;
}

/** Whether the node creates or cancels work here: its author owns the cancel. */
export function isOwnWork(context: RuleContext, node: ES.Node): boolean {
  const name = node.type === "NewExpression"
    ? getMdcName(context, node.callee)
    : getMdcCall(context, node);
  return getBehaviour(name)?.owns === true;
}
