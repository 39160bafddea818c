/** Expressions that are promises, known as such without types. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getMethodCall,
  isFunctionExpression,
  isMemberOf,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import { findInFlow } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import { neverRejects } from "./handled.ts";
import { getMdcCall, importsMdc } from "../tasks/calls.ts";
import { getLocalCallee } from "../names/methods.ts";
import { getBehaviour } from "../tasks/api.ts";
import { getImported, isGlobal } from "../names/variables.ts";
import { givesPromise } from "../../vocabulary/callees.ts";
import { LINK } from "../../vocabulary/names.ts";

/** An expression that makes a promise. */
export interface KnownPromise {
  /** The call or `new Promise` itself, without wrappers. */
  readonly node: ES.CallExpression | ES.NewExpression;
  /** The function of this file that makes the promise. */
  readonly producer?: FunctionNode | undefined;
  /** Whether it is an array of promises: `xs.map(async …)`. */
  readonly isArray?: true;
}

const COMBINATORS = /^(?:all|race|any|allSettled|resolve|reject|try)$/;

/** The promise that the expression makes, if that is certain. */
export function getKnownPromise(
  context: RuleContext,
  expression: Maybe<ES.Node>,
): KnownPromise | undefined {
  const node = unwrap(expression);
  if (node?.type === "NewExpression") {
    const isPromise = isGlobal(context, node.callee, "Promise") ||
      context.types?.isThenable(node);
    return isPromise ? { node } : undefined;
  }
  if (node?.type !== "CallExpression") return undefined;
  const producer = getLocalCallee(context, node.callee);
  if (producer) {
    if (isAsync(producer)) return { node, producer };
    return isTypedProducer(context, node, producer) ? { node } : undefined;
  }
  if (isMapToPromises(node)) {
    return {
      node,
      producer: unwrap(node.arguments[0]) as FunctionNode,
      isArray: true,
    };
  }
  const typed = getTyped(context, node);
  return typed ?? isPromiseCall(context, node) ? { node } : undefined;
}

/** Types know every thenable, and which `.then` or `.catch` is none. */
function getTyped(
  context: RuleContext,
  call: ES.CallExpression,
): boolean | undefined {
  if (!context.types || isOwned(context, call)) return undefined;
  return context.types.isThenable(call);
}

/** A function without `async` whose promise nobody else looks after. */
function isTypedProducer(
  context: RuleContext,
  call: ES.CallExpression,
  producer: FunctionNode,
): boolean {
  return getTyped(context, call) === true &&
    !getResults(context, producer).some((each) =>
      neverRejects(context, each) || isOwned(context, each)
    );
}

/** What the function returns, as far as it is written in its own flow. */
function getResults(context: RuleContext, producer: FunctionNode): ES.Node[] {
  if (producer.body?.type !== "BlockStatement") {
    return producer.body ? [producer.body] : [];
  }
  const results: ES.Node[] = [];
  findInFlow(context, producer.body, (node) => {
    if (node.type === "ReturnStatement" && node.argument) {
      results.push(node.argument);
    }
    return undefined;
  });
  return results;
}

function isOwned(context: RuleContext, call: ES.Node): boolean {
  return getBehaviour(getMdcCall(context, unwrap(call)))?.promise === "owned";
}

/** Whether a call of the function returns a promise. */
export function isAsync(node: Maybe<FunctionNode>): node is FunctionNode {
  return node?.async === true && !node.generator;
}

function isMapToPromises(call: ES.CallExpression): boolean {
  const callback = unwrap(call.arguments[0]);
  return getMethodCall(call)?.name === "map" &&
    isFunctionExpression(callback) && isAsync(callback);
}

function isPromiseCall(context: RuleContext, call: ES.CallExpression): boolean {
  const { callee } = call;
  const method = getMethodCall(call);
  if (method && LINK.test(method.name)) return true;
  if (method && isPromiseCombinator(context, call)) return true;
  if (isGlobal(context, callee, "fetch")) return true;
  const imported = getImported(context, callee);
  if (imported && givesPromise(imported.source, imported.imported)) return true;
  return importsMdc(context, call) &&
    getBehaviour(getMdcCall(context, call))?.promise === "yours";
}

/** Whether the call is `Promise.all(…)` or the like; `names` narrows it. */
export function isPromiseCombinator(
  context: RuleContext,
  call: ES.CallExpression,
  names: RegExp = COMBINATORS,
): boolean {
  const callee = unwrap(call.callee);
  return isMemberOf(callee, "Promise", names) &&
    isGlobal(context, callee.object);
}

/** What is called, short enough for a message. */
export function describeCall(
  context: RuleContext,
  node: ES.CallExpression | ES.NewExpression,
): string {
  const callee = unwrap(node.callee);
  if (node.type === "NewExpression") {
    return `new ${context.sourceCode.getText(callee)}`;
  }
  if (callee.type.endsWith("FunctionExpression")) return "async function";
  const text = context.sourceCode.getText(callee);
  if (callee.type === "MemberExpression" && /[\s(]/.test(text)) {
    return `….${context.sourceCode.getText(callee.property)}`;
  }
  return text;
}
