/** Where a caller's cancellation can arrive in a try block. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getEnclosingFunction,
  getLastName,
  getMethodCall,
  getProgram,
  isFunction,
  isMemberOf,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import { find, findInFlow } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getSwallowingFlow } from "./handlers.ts";
import { importsMdc } from "../tasks/calls.ts";
import { isImplicitPoint, isOwnWork } from "../tasks/bodies.ts";
import { getProvenance, isCallersSignal } from "../signals/provenance.ts";
import { findSignal } from "../signals/signal.ts";

/** A place where a cancellation arrives, with the signal, where one is named. */
export interface CancellationPoint {
  readonly node: ES.Node;
  readonly signal?: ES.Node;
}

/** The first cancellation point whose error reaches the catch clause. */
export function findCancellationPoint(
  context: RuleContext,
  attempt: ES.TryStatement,
  everyAwait: boolean,
): CancellationPoint | undefined {
  const candidates: CancellationPoint[] = [];
  find(context, attempt.block, (node) => {
    if (isFunction(node)) return "skip";
    if (node.type === "TryStatement" && node.handler) {
      // What an inner handler swallows does not come here.
      const inner = getSwallowingFlow(context, node.handler);
      if (inner.falls || inner.exits.length > 0) return "skip";
    }
    const point = getPoint(context, node, everyAwait);
    if (point) candidates.push(point);
    return point?.signal !== undefined || undefined;
  });
  return candidates.find((point) => point.signal) ?? candidates[0];
}

function getPoint(
  context: RuleContext,
  node: ES.Node,
  everyAwait: boolean,
): CancellationPoint | undefined {
  const awaited = getAwaited(node);
  if (awaited) {
    const signal = findSignal(context, awaited, isCallersSignal);
    if (signal) return { node, signal };
    const isPoint = everyAwait || isImplicitPoint(context, unwrap(awaited));
    return isPoint && node.type !== "YieldExpression" ? { node } : undefined;
  }
  const call = getMethodCall(node);
  return node.type === "CallExpression" && call?.name === "throwIfAborted" &&
      isCallersSignal(context, call.object)
    ? { node, signal: unwrap(call.object) }
    : undefined;
}

function getAwaited(node: ES.Node): Maybe<ES.Expression> {
  if (node.type === "AwaitExpression") return node.argument;
  if (node.type === "ForOfStatement" && node.await) return node.right;
  return node.type === "YieldExpression" && node.delegate
    ? node.argument
    : undefined;
}

const owners = new WeakMap<ES.Node, boolean>();

/** Whether the function, or one around it, has a cancellation of its own. */
export function hasOwnController(context: RuleContext, at: ES.Node): boolean {
  let around: ES.Node | undefined = getEnclosingFunction(at);
  while (around) {
    if (createsController(context, around)) return true;
    around = getEnclosingFunction(around);
  }
  return createsController(context, getProgram(at));
}

function createsController(context: RuleContext, owner: ES.Node): boolean {
  let answer = owners.get(owner);
  if (answer === undefined) {
    const found = findInFlow(
      context,
      owner,
      (node) => isController(context, node) || undefined,
    );
    owners.set(owner, answer = found !== undefined);
  }
  return answer;
}

function isController(context: RuleContext, node: ES.Node): boolean {
  if (node.type === "NewExpression") {
    return getLastName(node.callee) === "AbortController" ||
      importsMdc(context, node) && isOwnWork(context, node);
  }
  if (node.type === "CallExpression") {
    return isMemberOf(node.callee, "AbortSignal", /^(?:timeout|abort)$/) ||
      importsMdc(context, node) && isOwnWork(context, node);
  }
  return node.type === "MemberExpression" &&
    (getLastName(node) === "signal" || getLastName(node) === "abort") &&
    getProvenance(context, node) === "own";
}
