/** Work that fails only together with everything else: when it is cancelled. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  findInFlow,
  type FunctionNode,
  getLastName,
  getOnlyExpression,
  isMemberOf,
  type Maybe,
  unwrap,
} from "../_ast.ts";
import type { RuleContext } from "../_rule.ts";
import { getCancelledBranch } from "./cancelled_side.ts";
import { cannotReject, canThrow } from "./handled.ts";
import { getThisMethod } from "./methods.ts";
import { getFunction } from "./scope.ts";

/** Whether a promise of the function can reject for a reason of its own. */
export function canFailAlone(
  context: RuleContext,
  work: FunctionNode,
): boolean {
  if (isQuiet(context, work)) return false;
  const result = getOnlyExpression(work);
  const promise = result?.type === "AwaitExpression" ? result.argument : result;
  const call = unwrap(promise);
  if (call?.type !== "CallExpression") return true;
  const target = getFunction(context, call.callee) ??
    getThisMethod(call.callee);
  return !cannotReject(context, call) && !(target && isQuiet(context, target));
}

/** The whole body is a `try` whose catch throws only a cancellation on. */
function isQuiet(context: RuleContext, work: FunctionNode): boolean {
  if (work.body?.type !== "BlockStatement") return false;
  const [only, more] = work.body.body;
  return !more && only?.type === "TryStatement" && !!only.handler &&
    throwsOnlyCancellations(context, only.handler.body) &&
    !canThrow(context, only.finalizer);
}

function throwsOnlyCancellations(
  context: RuleContext,
  handler: Maybe<ES.Node>,
): boolean {
  return findInFlow(
    context,
    handler,
    (node) => isThrow(node) && !isForCancellation(context, node) || undefined,
  ) ===
    undefined;
}

function isThrow(node: ES.Node): boolean {
  if (node.type === "ThrowStatement") return true;
  return node.type === "CallExpression" &&
    (isMemberOf(node.callee, "Promise", "reject") ||
      /^rethrow/.test(getLastName(node.callee) ?? ""));
}

function isForCancellation(context: RuleContext, node: ES.Node): boolean {
  if (
    node.type === "CallExpression" &&
    /^rethrow\w*(?:Cancel|Abort)/.test(getLastName(node.callee) ?? "")
  ) return true;
  const branch = getCancelledBranch(context, node);
  return branch !== undefined && branch !== "other";
}
