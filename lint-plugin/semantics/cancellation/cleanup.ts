/** Code that runs when work ends or was cancelled. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getMethodCall,
  isFunction,
  isMemberOf,
  type Maybe,
  outermost,
  unwrap,
} from "../../syntax/nodes.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getHandledAbort } from "../signals/abort_handlers.ts";
import { getCancelledBranch } from "./cancelled_side.ts";

/** Whether the function is a `[Symbol.asyncDispose]` method. */
export function isAsyncDispose(node: FunctionNode): boolean {
  const { parent } = node;
  return (parent?.type === "MethodDefinition" || parent?.type === "Property") &&
    parent.value === node &&
    isMemberOf(parent.key, "Symbol", "asyncDispose");
}

/** The name of the method that the function is given to: `finally`, `defer`. */
export function getReceivingMethod(node: FunctionNode): string | undefined {
  const callback = outermost(node);
  const call = callback.parent;
  return call?.type === "CallExpression" && call.callee !== callback
    ? getMethodCall(call)?.name
    : undefined;
}

/**
 * Whether the node stands in cleanup: a catch or `finally` (also as callbacks),
 * a dispose method, an abort handler, a branch for an aborted signal, or after
 * `this.….abort()`.
 */
export function isInCleanup(context: RuleContext, node: ES.Node): boolean {
  const branch = getCancelledBranch(context, node);
  if (branch !== "other" && branch?.kind === "signal") return true;
  let inner = node;
  let outer: Maybe<ES.Node> = node.parent;
  while (outer) {
    if (outer.type === "CatchClause") return true;
    if (outer.type === "TryStatement" && outer.finalizer === inner) return true;
    if (outer.type === "BlockStatement" && followsAbort(outer, inner)) {
      return true;
    }
    if (isFunction(outer)) {
      if (
        isAsyncDispose(outer) || getHandledAbort(context, outer) ||
        /^(?:catch|finally|defer)$/.test(getReceivingMethod(outer) ?? "")
      ) return true;
    }
    inner = outer;
    outer = outer.parent;
  }
  return false;
}

function followsAbort(block: ES.BlockStatement, statement: ES.Node): boolean {
  const index = (block.body as ES.Node[]).indexOf(statement);
  return block.body.slice(0, Math.max(index, 0)).some((each) =>
    each.type === "ExpressionStatement" &&
    getAbortedField(each.expression) !== undefined
  );
}

/** The field of `this` that `this.….abort(…)` aborts. */
export function getAbortedField(
  expression: ES.Node,
): ES.MemberExpression | undefined {
  const method = getMethodCall(expression);
  if (method?.name !== "abort") return undefined;
  const field = unwrap(method.object);
  if (field.type !== "MemberExpression") return undefined;
  let root: ES.Node = field;
  while (root.type === "MemberExpression") root = unwrap(root.object);
  return root.type === "ThisExpression" ? field : undefined;
}
