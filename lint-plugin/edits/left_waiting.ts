/**
 * Who would wait forever after a failure that is only printed: until then it
 * ended the program.
 */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getEnclosingFunction,
  getMethodCall,
  isFunctionExpression,
  type Maybe,
  unwrap,
} from "../syntax/nodes.ts";
import { isExecutor } from "../syntax/executors.ts";
import { find, some, someInFlow } from "../syntax/walk.ts";
import type { RuleContext } from "../host/rule.ts";
import { getLocalCallee } from "../semantics/names/methods.ts";
import type { KnownPromise } from "../semantics/promises/known.ts";
import { isSleep } from "../semantics/promises/sleeps.ts";
import { LINK } from "../vocabulary/names.ts";

/** Why the program would stall, or what it would miss; undefined for neither. */
export function findStall(
  context: RuleContext,
  { node, producer }: KnownPromise,
): string | undefined {
  const around = getFunctionsAround(node);
  if (around.some((each) => isExecutor(each) || takesResolve(each))) {
    return "the promise around it would never settle";
  }
  const made = getWork(node, producer);
  if (made.some((each) => drives(context, each, around))) {
    return "what it drives would stop, and the program go on";
  }
  if (made.some((each) => feedsStream(context, each))) {
    return "who reads the stream would wait forever";
  }
  return getCallbacks(node).some((each) => throwsItself(context, each))
    ? "it throws on purpose"
    : undefined;
}

function getFunctionsAround(node: ES.Node): FunctionNode[] {
  const around: FunctionNode[] = [];
  for (
    let each = getEnclosingFunction(node);
    each;
    each = getEnclosingFunction(each)
  ) around.push(each);
  return around;
}

/** `run((resolve) => { … })`: an executor in all but its place. */
function takesResolve({ params: [first] }: FunctionNode): boolean {
  return first?.type === "Identifier" && first.name === "resolve";
}

/** The functions that run for the promise: its own and those of its chain. */
function getWork(
  node: ES.Node,
  producer: Maybe<FunctionNode>,
): FunctionNode[] {
  return [...(producer ? [producer] : []), ...getCallbacks(node)];
}

/** What `.then`, `.catch` and `.finally` of the chain are given in place. */
function getCallbacks(node: ES.Node): FunctionNode[] {
  const callbacks: FunctionNode[] = [];
  for (
    let method = getMethodCall(unwrap(node));
    method && LINK.test(method.name);
    method = getMethodCall(unwrap(method.object))
  ) {
    for (const each of method.call.arguments) {
      const inner = unwrap(each);
      if (isFunctionExpression(inner)) callbacks.push(inner);
    }
  }
  return callbacks;
}

/** Whether it is a loop without an end of its own, by `while` or by calls. */
function drives(
  context: RuleContext,
  work: FunctionNode,
  around: readonly FunctionNode[],
): boolean {
  return around.includes(work) || runsWhile(context, work) ||
    some(context, work.body, (each) => {
      if (each.type !== "CallExpression") return undefined;
      const called = getLocalCallee(context, each.callee);
      return called !== undefined &&
        (called === work || around.includes(called) ||
          isWaitedFor(each) && runsWhile(context, called));
    });
}

/** `await f()`, or `this.running = f()` that somebody may wait for. */
function isWaitedFor({ parent }: ES.Node): boolean {
  return parent?.type === "AwaitExpression" ||
    parent?.type === "AssignmentExpression";
}

function runsWhile(context: RuleContext, work: FunctionNode): boolean {
  return someInFlow(
    context,
    work.body,
    (each) =>
      (each.type === "WhileStatement" || each.type === "DoWhileStatement" ||
        each.type === "ForStatement" && !each.test) &&
      !isCaught(each, work) &&
      someInFlow(context, each, (inner) => isWork(context, inner)),
  );
}

/** `await work()`: what only lets time pass doesn't fail. */
function isWork(context: RuleContext, node: ES.Node): boolean {
  if (node.type !== "AwaitExpression") return false;
  const value = unwrap(node.argument);
  return value.type !== "CallExpression" || !isSleep(context, value);
}

/** `controller.enqueue(x)`, with nothing that ends the stream on failure. */
function feedsStream(context: RuleContext, work: FunctionNode): boolean {
  return find(
    context,
    work.body,
    (each) =>
      each.type === "CallExpression" &&
      getMethodCall(each)?.name === "enqueue" && !isCaught(each, work),
  ) !== undefined;
}

/** `.then((error) => { if (error) throw error; })`. */
function throwsItself(context: RuleContext, work: FunctionNode): boolean {
  return someInFlow(
    context,
    work.body,
    (each) => each.type === "ThrowStatement" && !isCaught(each, work),
  );
}

/** Whether a `try` in the function sees what fails in the node. */
function isCaught(node: ES.Node, work: FunctionNode): boolean {
  let inner = node;
  for (
    let outer = node.parent;
    outer && outer !== work;
    inner = outer, outer = outer.parent
  ) {
    if (outer.type === "TryStatement" && outer.block === inner) return true;
  }
  return false;
}
