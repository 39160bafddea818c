/** Work that fails only together with everything else: when it is cancelled. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getOnlyExpression,
  isMemberOf,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import { someInFlow } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import { hasAwait } from "../../syntax/await.ts";
import { getCancelledBranch } from "../../semantics/cancellation/cancelled_side.ts";
import { cannotReject, canThrow } from "../../semantics/promises/handled.ts";
import { getCalledName } from "../../semantics/tasks/calls.ts";
import { getLocalCallee } from "../../semantics/names/methods.ts";

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
  const target = getLocalCallee(context, call.callee);
  return !cannotReject(context, call) && !(target && isQuiet(context, target));
}

/**
 * The body ends in a `try` whose catch throws only a cancellation on; what stands
 * before it waits for nothing.
 */
function isQuiet(context: RuleContext, work: FunctionNode): boolean {
  if (work.body?.type !== "BlockStatement") return false;
  const last = work.body.body.at(-1);
  return last?.type === "TryStatement" && !!last.handler &&
    throwsOnlyCancellations(context, last.handler.body) &&
    !canThrow(context, last.finalizer) &&
    work.body.body.slice(0, -1).every((each) =>
      !hasAwait(context, each) && throwsOnlyCancellations(context, each)
    );
}

function throwsOnlyCancellations(
  context: RuleContext,
  handler: Maybe<ES.Node>,
): boolean {
  return !someInFlow(
    context,
    handler,
    (node) => isThrow(context, node) && !isForCancellation(context, node),
  );
}

function isThrow(context: RuleContext, node: ES.Node): boolean {
  if (node.type === "ThrowStatement") return true;
  return node.type === "CallExpression" &&
    (isMemberOf(node.callee, "Promise", "reject") ||
      /^rethrow/.test(getCalledName(context, node) ?? ""));
}

function isForCancellation(context: RuleContext, node: ES.Node): boolean {
  if (
    node.type === "CallExpression" &&
    /^rethrow\w*(?:Cancel|Abort)/.test(getCalledName(context, node) ?? "")
  ) return true;
  const branch = getCancelledBranch(context, node);
  return branch !== undefined && branch !== "other";
}
