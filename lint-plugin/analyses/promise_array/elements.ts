/** Arrays of promises that a callback makes. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getMethodCall,
  isFunctionExpression,
  isMemberOf,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import { findInFlow } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getMdcCall } from "../../semantics/tasks/calls.ts";
import {
  getInitialiser,
  getVariable,
} from "../../semantics/names/variables.ts";

/** An inline function that makes an element. */
export type Callback = ES.FunctionExpression | ES.ArrowFunctionExpression;

/** The inline function that makes the elements. */
export function getCallback(
  context: RuleContext,
  { arguments: [list] }: ES.CallExpression,
): Callback | undefined {
  const given = unwrap(list);
  const made = given?.type === "Identifier"
    ? unwrap(getInitialiser(getVariable(context, given)))
    : given;
  if (made?.type !== "CallExpression") return undefined;
  const name = getMethodCall(made)?.name;
  const callback: Maybe<ES.Node> = isMemberOf(made.callee, "Array", "from")
    ? made.arguments[1]
    : name === "map" || name === "flatMap"
    ? made.arguments[0]
    : undefined;
  const inner = unwrap(callback);
  return isFunctionExpression(inner) ? inner : undefined;
}

/** Async, or returns a call; tasks that something owns are its business. */
export function startsWork(context: RuleContext, callback: Callback): boolean {
  const results = getResults(context, callback);
  if (results.some((each) => isOwned(context, each))) return false;
  return callback.async ||
    results.some((each) => each.type === "CallExpression");
}

function isOwned(context: RuleContext, result: ES.Node): boolean {
  return /^(?:group|tracker)\.spawn$/.test(getMdcCall(context, result) ?? "");
}

/** What the callback returns: each of its elements is one of these. */
export function getResults(
  context: RuleContext,
  { body }: Callback,
): ES.Node[] {
  if (body.type !== "BlockStatement") return [unwrap(body)];
  const results: ES.Node[] = [];
  findInFlow(context, body, (node) => {
    if (node.type === "ReturnStatement" && node.argument) {
      results.push(unwrap(node.argument));
    }
    return undefined;
  });
  return results;
}
