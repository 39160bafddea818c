/** Code that has made sure that a signal is not aborted, or expects it to be. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getLastName,
  isFunctionExpression,
  type Maybe,
  outermost,
  unwrap,
} from "../../syntax/nodes.ts";
import { someInFlow } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getAbortedOf, implies } from "./condition.ts";
import { isLogger } from "../promises/chains.ts";
import { leaves } from "./known_aborted.ts";
import { getFinalHandler } from "../promises/handled.ts";
import { getReferenceKey } from "../names/reference.ts";
import { getFunction } from "../names/variables.ts";

/**
 * Whether the signal is not aborted at the node, as a condition between the
 * region and the node says: around it, or before it with an early exit.
 */
export function isKnownLive(
  context: RuleContext,
  node: ES.Node,
  region: ES.Node,
  key: string,
): boolean {
  let inner = node;
  while (inner !== region && inner.parent) {
    const { parent }: ES.Node = inner;
    if (
      parent.type === "IfStatement" || parent.type === "ConditionalExpression"
    ) {
      const outcome = inner === parent.consequent;
      if (
        inner !== parent.test && deniesAbort(context, parent.test, outcome, key)
      ) return true;
    }
    if (parent.type === "LogicalExpression" && inner === parent.right) {
      const outcome = parent.operator === "&&";
      if (deniesAbort(context, parent.left, outcome, key)) return true;
    }
    if (parent.type === "BlockStatement") {
      const before = parent.body.slice(
        0,
        Math.max((parent.body as ES.Node[]).indexOf(inner), 0),
      );
      if (before.some((each) => leavesIfAborted(context, each, key))) {
        return true;
      }
    }
    inner = parent;
  }
  return false;
}

/** Whether the test says, by having that outcome, that the signal is live. */
function deniesAbort(
  context: RuleContext,
  condition: ES.Node,
  outcome: boolean,
  key: string,
): boolean {
  return implies(context, condition, outcome, (atom, value) => {
    // A signal that isn't there isn't aborted.
    const signal = getAbortedOf(atom) ?? atom;
    return !value && getReferenceKey(context, signal) === key;
  });
}

/** `if (signal.aborted) { …; return; }` */
function leavesIfAborted(
  context: RuleContext,
  statement: ES.Node,
  key: string,
): boolean {
  if (statement.type !== "IfStatement") return false;
  return leaves(statement.consequent) &&
    deniesAbort(context, statement.test, false, key);
}

/**
 * Whether a failure of the call leads to something else: in a try of its own
 * inside the region, or in a rejection handler.
 */
export function hasFallback(
  context: RuleContext,
  call: ES.Node,
  region: ES.Node,
): boolean {
  let inner = call;
  while (inner !== region && inner.parent) {
    const { parent }: ES.Node = inner;
    if (
      parent.type === "TryStatement" && parent.block === inner &&
      parent.handler && doesSomething(context, parent.handler.body)
    ) return true;
    if (parent.type === "CallExpression" && parent.callee !== inner) {
      inner = parent;
      continue;
    }
    const handler = parent.type === "CallExpression"
      ? getFinalHandler(parent)
      : undefined;
    if (handler && isFallback(context, handler)) return true;
    inner = parent;
  }
  return false;
}

function isFallback(context: RuleContext, handler: ES.Node): boolean {
  if (isLogger(handler)) return false;
  const known = getFunction(context, handler);
  return !known || doesSomething(context, known.body);
}

/** Any call or `throw` besides logging. */
function doesSomething(context: RuleContext, body: ES.Node): boolean {
  return someInFlow(context, body, (node) => {
    if (node.type === "ThrowStatement") return true;
    return node.type === "CallExpression" && !isLogging(node);
  });
}

function isLogging({ callee }: ES.CallExpression): boolean {
  const node = unwrap(callee);
  return isLogger(node) || /^(?:log|warn|debug)/i.test(getLastName(node) ?? "");
}

/** The call that is given the callback, so that it waits for it. */
export function getCallerOf(callback: ES.Node): Maybe<ES.CallExpression> {
  if (!isFunctionExpression(callback)) return undefined;
  const given = outermost(callback);
  const { parent } = given;
  return parent?.type === "CallExpression" ? parent : undefined;
}
