/** Expressions that wait for nothing but time. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getLastName,
  getOnlyExpression,
  isFunction,
  isMemberOf,
  isNullish,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getMdcCall } from "../tasks/calls.ts";
import { getBehaviour } from "../tasks/api.ts";
import { getLocalCallee } from "../names/methods.ts";
import { isPromiseCombinator } from "./known.ts";
import { getKnownCallee } from "../../vocabulary/callees.ts";
import { SLEEPS } from "../../vocabulary/names.ts";
import { getFunction, getImported, isGlobal } from "../names/variables.ts";

const ARMS =
  /^(?:setTimeout|setImmediate|requestAnimationFrame|requestIdleCallback|queueMicrotask|nextTick)$/;

/** Whether the awaited expression only lets time pass. */
export function isSleep(
  context: RuleContext,
  awaited: ES.Node,
  seen: ReadonlySet<FunctionNode> = new Set(),
): boolean {
  const node = unwrap(awaited);
  if (node.type === "Literal" || isNullish(node)) return true;
  if (node.type === "NewExpression") return isTimerPromise(context, node);
  if (node.type !== "CallExpression") return false;
  if (isPromiseCombinator(context, node, /^resolve$/)) return true;
  if (node.arguments.some((each) => getFunction(context, each))) return false;
  return getBehaviour(getMdcCall(context, node))?.sleeps === true ||
    isNamedSleep(context, node.callee) ||
    isSleepFunction(context, node.callee, seen);
}

function isNamedSleep(context: RuleContext, callee: ES.Node): boolean {
  const inner = unwrap(callee);
  const imported = getImported(context, inner);
  if (
    imported && getKnownCallee(imported.source, imported.imported)?.sleeps
  ) return true;
  if (inner.type === "Identifier") return SLEEPS.test(inner.name);
  if (isMemberOf(callee, "scheduler", /^(?:wait|yield)$/)) return true;
  return inner.type === "MemberExpression" &&
    /^(?:sleep|delay)$/.test(getLastName(inner) ?? "");
}

/** A function of this file that only returns (or waits for) a sleep. */
function isSleepFunction(
  context: RuleContext,
  callee: ES.Node,
  seen: ReadonlySet<FunctionNode>,
): boolean {
  const target = getLocalCallee(context, callee);
  if (!target || seen.has(target)) return false;
  const result = getOnlyExpression(target);
  if (!result) return false;
  const waited = result.type === "AwaitExpression" ? result.argument : result;
  return waited.type !== "Literal" &&
    isSleep(context, waited, new Set([...seen, target]));
}

/** `new Promise((resolve) => setTimeout(resolve, ms))`. */
function isTimerPromise(context: RuleContext, node: ES.NewExpression): boolean {
  if (!isGlobal(context, node.callee, "Promise")) return false;
  const executor = unwrap(node.arguments[0]);
  if (!isFunction(executor)) return false;
  const [resolve] = executor.params;
  const arming = getOnlyExpression(executor);
  if (resolve?.type !== "Identifier" || arming?.type !== "CallExpression") {
    return false;
  }
  return ARMS.test(getLastName(arming.callee) ?? "") &&
    settles(arming.arguments[0], resolve.name);
}

/** The callback is `resolve` itself, or calls it and nothing else. */
function settles(callback: Maybe<ES.Node>, resolve: string): boolean {
  const inner = unwrap(callback);
  if (inner?.type === "Identifier") return inner.name === resolve;
  const call = isFunction(inner) ? getOnlyExpression(inner) : undefined;
  return call?.type === "CallExpression" && call.callee.type === "Identifier" &&
    call.callee.name === resolve;
}
