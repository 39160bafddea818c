/** `Promise.all(items.map(callback))`. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getMethodCall,
  isMemberOf,
  type Maybe,
  outermost,
  unwrap,
} from "../syntax/nodes.ts";
import type { RuleContext } from "../host/rule.ts";
import { isGlobal } from "../semantics/names/variables.ts";

/** Its parts. */
export interface PromiseAllMap {
  readonly items: ES.Expression;
  readonly callback: ES.Node;
}

/** The parts of such a call, undefined for another. */
export function getPromiseAllMap(
  context: RuleContext,
  call: ES.CallExpression,
): PromiseAllMap | undefined {
  const elements = getPromiseArgument(context, call, "all");
  const mapping = getMethodCall(elements);
  if (mapping?.name !== "map" || mapping.call.optional) return undefined;
  // `Promise.all(undefined)` is another error than `map(undefined, …)`.
  if (outermost(mapping.call).type === "ChainExpression") return undefined;
  const [callback, ...more] = mapping.call.arguments;
  if (!callback || callback.type === "SpreadElement" || more.length > 0) {
    return undefined;
  }
  return { items: mapping.object, callback };
}

/** The only argument of `Promise.all`, `Promise.race`, … */
export function getPromiseArgument(
  context: RuleContext,
  call: ES.CallExpression,
  method: string,
): Maybe<ES.Node> {
  const callee = unwrap(call.callee);
  if (!isMemberOf(callee, "Promise", method)) return undefined;
  if (!isGlobal(context, callee.object)) return undefined;
  const [only, ...more] = call.arguments;
  return more.length > 0 || only?.type === "SpreadElement"
    ? undefined
    : unwrap(only);
}

/** Whether the promise of the call is awaited or returned right there. */
export function isWaitedFor(call: ES.Node): boolean {
  const outer = outermost(call);
  const { parent } = outer;
  return parent?.type === "AwaitExpression" ||
    parent?.type === "ReturnStatement" ||
    parent?.type === "ArrowFunctionExpression" && parent.body === outer;
}
