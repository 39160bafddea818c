/** Promises that are returned out of a try. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getMethodCall,
  isFunction,
  unwrap,
} from "../syntax/nodes.ts";
import { someInFlow } from "../syntax/walk.ts";
import type { RuleContext } from "../host/rule.ts";
import { LINK } from "../vocabulary/names.ts";
import { getMdcCall, importsMdc } from "../semantics/tasks/calls.ts";
import {
  getKnownPromise,
  isPromiseCombinator,
  type KnownPromise,
} from "../semantics/promises/known.ts";
import { isGlobal } from "../semantics/names/variables.ts";

/** The promise that is returned; a spawned task counts, though it is owned. */
export function getReturnedPromise(
  context: RuleContext,
  expression: ES.Node,
): KnownPromise | undefined {
  const promise = getKnownPromise(context, expression);
  if (promise) return promise.isArray ? undefined : promise;
  const node = unwrap(expression);
  return node.type === "CallExpression" && importsMdc(context, node) &&
      /^(?:tracker|group)\.spawn$/.test(getMdcCall(context, node) ?? "")
    ? { node }
    : undefined;
}

/**
 * Whether it does not matter when the promise settles: `Promise.resolve(…)` and
 * `Promise.reject(…)` are settled, and a direct recursion runs through the same
 * try.
 */
export function isExempt(
  context: RuleContext,
  { node, producer }: KnownPromise,
  home: FunctionNode,
): boolean {
  return producer === home || node.type === "CallExpression" &&
      isPromiseCombinator(context, node, /^(?:resolve|reject)$/);
}

/**
 * Whether nothing in the block can throw before it returns one of the promises:
 * then its handler can only be meant for their rejections.
 */
export function isOnlyForPromises(
  context: RuleContext,
  block: ES.BlockStatement,
  promises: readonly KnownPromise[],
): boolean {
  const making = new Set<ES.Node>();
  for (const promise of promises) {
    const chain = getChain(context, promise);
    if (!chain) return false;
    for (const link of chain) making.add(link);
  }
  return !someInFlow(context, block, (node) => {
    if (isFunction(node)) return "skip";
    const isRisky = node.type === "CallExpression" ||
      node.type === "NewExpression" || node.type === "AwaitExpression" ||
      node.type === "ThrowStatement" || node.type === "ImportExpression" ||
      node.type === "TaggedTemplateExpression";
    return isRisky && !making.has(node);
  });
}

/** The links of a chain on a promise that is made without throwing. */
function getChain(
  context: RuleContext,
  { node }: KnownPromise,
): ES.Node[] | undefined {
  const links: ES.Node[] = [];
  let link: ES.Node = node;
  for (;;) {
    links.push(link);
    const method = getMethodCall(link);
    if (!method || !LINK.test(method.name)) break;
    link = unwrap(method.object);
  }
  const root = getKnownPromise(context, link);
  const isSafe = root !== undefined && !root.isArray &&
    (root.producer !== undefined || root.node.type === "NewExpression" ||
      isGlobal(context, root.node.callee, "fetch") ||
      isPromiseCombinator(context, root.node));
  return isSafe ? links : undefined;
}
