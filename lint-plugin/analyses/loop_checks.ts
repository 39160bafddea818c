/** Loops that wait, and what they look at meanwhile. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  isFunction,
  isLoop,
  type Maybe,
} from "../syntax/nodes.ts";
import { find, some, someInFlow } from "../syntax/walk.ts";
import type { RuleContext, Variable } from "../host/rule.ts";
import { getMdcCall, importsMdc } from "../semantics/tasks/calls.ts";
import { isImplicitPoint } from "../semantics/tasks/bodies.ts";
import { getDerivedVariables, mentions } from "../semantics/names/mentions.ts";
import { getRegistration } from "../semantics/signals/listeners.ts";
import { getVariable } from "../semantics/names/variables.ts";

/** Any loop statement. */
export type Loop =
  | ES.WhileStatement
  | ES.DoWhileStatement
  | ES.ForStatement
  | ES.ForInStatement
  | ES.ForOfStatement;

/** The parts that run in every round. */
function getRoundParts(loop: Loop): ES.Node[] {
  switch (loop.type) {
    case "ForStatement":
      return [loop.test, loop.update, loop.body].filter((each) =>
        each !== null && each !== undefined
      );
    case "ForOfStatement":
      // The iterable of `for await` waits for each of its values.
      return loop.await ? [loop.right, loop.body] : [loop.body];
    case "ForInStatement":
      return [loop.body];
    default:
      return [loop.test, loop.body];
  }
}

/** Whether the loop itself waits: not in a loop or function inside. */
export function waits(context: RuleContext, loop: Loop): boolean {
  return loop.type === "ForOfStatement" && loop.await ||
    getRoundParts(loop).some((part) => hasAwait(context, part));
}

function hasAwait(context: RuleContext, node: Maybe<ES.Node>): boolean {
  return someInFlow(context, node, (each) => {
    if (each.type === "AwaitExpression") return true;
    if (!isLoop(each)) return undefined;
    // What an inner loop begins with belongs to the round of the outer one.
    const start = each.type === "ForStatement"
      ? each.init
      : each.type === "ForOfStatement" || each.type === "ForInStatement"
      ? each.right
      : undefined;
    return each.type === "ForOfStatement" && each.await
      ? "skip"
      : hasAwait(context, start) || "skip";
  });
}

/** Whether the loop has no end but `break`, `return` and `throw`. */
export function isEndless(loop: Loop): boolean {
  if (loop.type === "WhileStatement") {
    return loop.test.type === "Literal" && !!loop.test.value;
  }
  return loop.type === "ForStatement" && !loop.test;
}

/** Whether the node stands in a `finally` of its function. */
export function isInFinally(node: ES.Node): boolean {
  let inner = node;
  while (inner.parent && !isFunction(inner.parent)) {
    const { parent } = inner;
    if (parent.type === "TryStatement" && parent.finalizer === inner) {
      return true;
    }
    inner = parent;
  }
  return false;
}

/**
 * Whether a round of the loop mentions the signal, or an abort listener on it
 * was registered before.
 */
export function looksAt(
  context: RuleContext,
  loop: Loop,
  owner: FunctionNode,
  signal: Variable,
): boolean {
  const derived = getDerivedVariables(context, owner.body, [signal]);
  addLinked(context, owner, derived);
  return getRoundParts(loop).some((part) => mentions(part, derived)) ||
    some(context, owner.body, (node) => {
      if (node.range[0] >= loop.range[0]) return "skip";
      if (
        node.type !== "CallExpression" && node.type !== "AssignmentExpression"
      ) return undefined;
      const registration = getRegistration(context, node);
      return registration && mentions(registration.signal, derived);
    });
}

/** `propagateCancellation(signal, [own])`: then own is as good as the signal. */
function addLinked(
  context: RuleContext,
  owner: FunctionNode,
  derived: Set<Variable>,
): void {
  if (!importsMdc(context, owner)) return;
  find(context, owner.body, (node) => {
    if (getMdcCall(context, node) !== "propagateCancellation") return undefined;
    const [source, targets] = (node as ES.CallExpression).arguments;
    if (!source || !targets || !mentions(source, derived)) return undefined;
    find(context, targets, (each) => {
      const variable = each.type === "Identifier" && getVariable(context, each);
      if (variable) derived.add(variable);
      return undefined;
    });
    return undefined;
  });
}

/** Whether a round waits where the current task's cancellation arrives. */
export function hasImplicitPoint(context: RuleContext, loop: Loop): boolean {
  return importsMdc(context, loop) &&
    getRoundParts(loop).some((part) =>
      someInFlow(
        context,
        part,
        (node) => isImplicitPoint(context, node),
      )
    );
}
