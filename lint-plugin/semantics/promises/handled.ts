/** Whether somebody looks at the rejection of a promise. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getLastName,
  getMethodCall,
  isFunction,
  isMemberOf,
  isNullish,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import { findInFlow } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getCalledName } from "../tasks/calls.ts";
import { getFunction, lookThrough } from "../names/variables.ts";

/**
 * The rejection handler at the end of a promise chain: of `.catch(h)`, or
 * `.then(a, h)`, after which only `.finally` follows. A missing, nullish or
 * literal handler is none.
 */
export function getFinalHandler(
  expression: Maybe<ES.Node>,
): ES.Node | undefined {
  const method = getMethodCall(expression);
  if (!method) return undefined;
  const { name, object, call } = method;
  if (name === "finally") return getFinalHandler(object);
  const position = name === "catch" ? 0 : name === "then" ? 1 : undefined;
  if (position === undefined) return undefined;
  const spread = call.arguments.slice(0, position + 1)
    .find((each) => each.type === "SpreadElement");
  const handler = spread ?? call.arguments[position];
  return handler && !isNullish(handler) && handler.type !== "Literal"
    ? handler
    : undefined;
}

/** Whether the promise chain ends in a real rejection handler. */
export function isHandled(expression: Maybe<ES.Node>): boolean {
  return getFinalHandler(expression) !== undefined;
}

/**
 * Whether the whole body of the function is one `try` whose catch and finally
 * do not throw: a promise of it cannot reject.
 */
export function isSelfHandled(
  context: RuleContext,
  node: Maybe<FunctionNode>,
): boolean {
  if (node?.body?.type !== "BlockStatement") return false;
  const statements = node.body.body.filter((each) =>
    !(each.type === "ExpressionStatement" &&
      each.expression.type === "Literal")
  );
  const [only] = statements;
  return statements.length === 1 && only?.type === "TryStatement" &&
    only.handler !== null && !canThrow(context, only.handler.body) &&
    !canThrow(context, only.finalizer);
}

/** Whether the code throws by itself; what it calls is trusted. */
export function canThrow(context: RuleContext, node: Maybe<ES.Node>): boolean {
  const found = findInFlow(context, node, (each) => {
    // What an inner catch takes does not come out.
    if (
      each.type === "TryStatement" && each.handler &&
      !canThrow(context, each.handler.body) &&
      !canThrow(context, each.finalizer)
    ) return "skip";
    if (each.type === "ThrowStatement") return true;
    if (each.type !== "CallExpression") return undefined;
    const name = getCalledName(context, each) ?? "";
    return name === "throwIfAborted" || /^rethrow/.test(name) ||
      isMemberOf(each.callee, "Promise", "reject") || undefined;
  });
  return found !== undefined;
}

/** Whether the promise cannot reject: settled, or ends in a quiet handler. */
export function cannotReject(
  context: RuleContext,
  expression: Maybe<ES.Node>,
): boolean {
  const node = unwrap(expression);
  if (node?.type !== "CallExpression") return false;
  if (isMemberOf(node.callee, "Promise", "allSettled")) return true;
  const handler = getFinalHandler(node);
  if (!handler) return false;
  const known = getFunction(context, handler);
  if (!known) return true;
  return isFunction(known) && !canThrow(context, known.body);
}

/**
 * Whether the promise never rejects as far as its own expression tells: it is
 * handled, nothing can reject it, or it waits only for such promises.
 */
export function neverRejects(
  context: RuleContext,
  expression: ES.Node,
): boolean {
  const node = lookThrough(context, expression);
  if (node.type === "NewExpression") {
    const executor = getFunction(context, node.arguments[0]);
    return getLastName(node.callee) === "Promise" && executor !== undefined &&
      executor.params.length < 2;
  }
  if (node.type !== "CallExpression") return false;
  if (isHandled(node) || isMemberOf(node.callee, "Promise", "allSettled")) {
    return true;
  }
  const [list] = node.arguments;
  return isMemberOf(node.callee, "Promise", /^(?:all|race)$/) &&
    list?.type === "ArrayExpression" &&
    list.elements.every((each) => each && neverRejects(context, each));
}
