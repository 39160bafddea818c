/** Code that runs because a signal is aborted: listeners, and branches. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getEnclosingFunction,
  getMethodCall,
  getPropertyName,
  type Maybe,
  outermost,
  unwrap,
} from "../syntax/nodes.ts";
import { find, findInFlow } from "../syntax/walk.ts";
import type { RuleContext } from "../host/rule.ts";
import { COLLECTS } from "../vocabulary/names.ts";
import { getAbortedSignal } from "../semantics/cancellation/known_aborted.ts";
import { getReferenceKey } from "../semantics/names/reference.ts";
import { getThisMethod } from "../semantics/names/methods.ts";
import {
  getRegistration,
  getRemoval,
  type Registration,
} from "../semantics/signals/listeners.ts";
import { isOptional as isMissing } from "../semantics/signals/optionality.ts";
import { getFunction, getFunctionUses } from "../semantics/names/variables.ts";

/** Where an abort is passed on: the signal, and how the code reads its reason. */
export interface Relay {
  readonly signal: ES.Node;
  readonly isOptional: boolean;
  /** More than one signal may be the cause. */
  readonly isAmbiguous?: boolean | undefined;
}

/** The relay that a listener is. */
export function getListenerRelay(
  context: RuleContext,
  { node, signal }: Registration,
): Relay {
  const callee = node.type === "CallExpression" ? unwrap(node.callee) : node;
  const text = context.sourceCode.getText(signal);
  const isOptional = callee.type === "MemberExpression" && callee.optional ||
    isMissing(context, signal) || isAskedFor(context, node, text);
  return { signal, isOptional };
}

/**
 * Whether the code before asks whether there is such a field, or uses it with
 * `?.`: in the listener, a function of its own, types forget the answer.
 */
function isAskedFor(
  context: RuleContext,
  node: ES.Node,
  field: string,
): boolean {
  const home = getEnclosingFunction(node);
  if (!home || !field.includes(".")) return false;
  // Far above it would be another matter, and cost the more in a bundle.
  const start = Math.max(home.range[0], node.range[0] - 20_000);
  const before = context.sourceCode.getText().slice(start, node.range[0]);
  return before.split(field).slice(1).some((rest) => /^(?!\.|\w)/.test(rest));
}

/** The relay that stands where `signal.aborted` is known to be true. */
export function getBranchRelay(
  context: RuleContext,
  call: ES.CallExpression,
): Relay | undefined {
  const signal = getAbortedSignal(context, call);
  return signal && { signal, isOptional: false };
}

/** Whether the signal is the one that the call aborts. */
export function isOwnAbort(
  context: RuleContext,
  target: Maybe<ES.Node>,
  { signal }: Relay,
): boolean {
  return !!target && getReferenceKey(context, signal) ===
      `${getReferenceKey(context, target)}.signal`;
}

/** Another signal with the same handler: then nobody can say which is the cause. */
export function joinRelays(
  context: RuleContext,
  relay: Relay,
  other?: Relay,
): Relay {
  const isAmbiguous = other !== undefined &&
    (other.isAmbiguous || getReferenceKey(context, other.signal) !==
        getReferenceKey(context, relay.signal));
  return { ...relay, isAmbiguous };
}

/**
 * The function that an abort listener is: inline, by name or as a method.
 * Undefined for one that is passed to others too, who may call it for reasons of
 * their own; keeping it in a collection is no such thing.
 */
export function getHandlerFunction(
  context: RuleContext,
  { handler }: Registration,
): FunctionNode | undefined {
  const bound = getMethodCall(handler);
  const named = bound?.name === "bind" ? bound.object : handler;
  const method = getThisMethod(named);
  const found = method ?? getFunction(context, named);
  if (!found) return undefined;
  let isOnly = onlyOnAbort.get(found);
  if (isOnly === undefined) {
    const uses = method
      ? getMethodUses(context, method, unwrap(named) as ES.MemberExpression)
      : getFunctionUses(context, found);
    isOnly = uses.every((use) => runsOnAbort(context, use));
    onlyOnAbort.set(found, isOnly);
  }
  return isOnly ? found : undefined;
}

/** Asked for at each registration, and each time the same. */
const onlyOnAbort = new WeakMap<FunctionNode, boolean>();

function getMethodUses(
  context: RuleContext,
  method: FunctionNode,
  { property }: ES.MemberExpression,
): ES.Node[] {
  let home: Maybe<ES.Node> = method.parent;
  while (
    home && home.type !== "ClassBody" && home.type !== "ObjectExpression"
  ) home = home.parent;
  const name = context.sourceCode.getText(property);
  const uses: ES.Node[] = [];
  find(context, home, (node) => {
    if (
      node.type === "MemberExpression" && !node.computed &&
      node.object.type === "ThisExpression" &&
      context.sourceCode.getText(node.property) === name
    ) uses.push(node);
    return undefined;
  });
  return uses;
}

/** Whether this use of a handler gives it to nobody but signals. */
function runsOnAbort(context: RuleContext, use: ES.Node): boolean {
  const value = outermost(use);
  const { parent } = value;
  if (parent?.type === "MemberExpression" && parent.object === value) {
    const call = outermost(parent).parent;
    const isBind = getPropertyName(parent) === "bind" &&
      call?.type === "CallExpression";
    return isBind && runsOnAbort(context, call);
  }
  if (parent?.type === "NewExpression") return parent.callee === value;
  if (parent?.type !== "CallExpression" || parent.callee === value) {
    return true;
  }
  return getRegistration(context, parent) !== undefined ||
    getRemoval(context, parent) !== undefined ||
    COLLECTS.test(getMethodCall(parent)?.name ?? "");
}

/** The handler's own calls, without those of nested functions. */
export function findCalls(
  context: RuleContext,
  handler: FunctionNode,
): ES.CallExpression[] {
  const calls: ES.CallExpression[] = [];
  findInFlow(context, handler.body, (node) => {
    if (node.type === "CallExpression") calls.push(node);
    return undefined;
  });
  return calls;
}
