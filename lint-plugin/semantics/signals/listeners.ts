/** Where code starts to listen for a signal's abort. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getMethodCall,
  getProperty,
  getPropertyName,
  getString,
  isNullish,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getImported, lookThrough } from "../names/variables.ts";
import { isSignal } from "./signal.ts";

/** A handler that is put on a signal. */
export interface Registration {
  /** The call or assignment. */
  readonly node: ES.CallExpression | ES.AssignmentExpression;
  readonly signal: ES.Node;
  readonly handler: Maybe<ES.Node>;
  /** `addEventListener`, `signal.onabort = …`, or Node's `addAbortListener`. */
  readonly kind: "listener" | "property" | "helper";
}

/** The registration that the node is, if it is one. */
export function getRegistration(
  context: RuleContext,
  node: ES.CallExpression | ES.AssignmentExpression,
): Registration | undefined {
  if (node.type === "AssignmentExpression") {
    const signal = getOnAbort(context, node);
    return signal && !isNullish(node.right)
      ? { node, signal, handler: node.right, kind: "property" }
      : undefined;
  }
  const signal = getListenerCall(context, node, "addEventListener");
  if (signal) {
    return { node, signal, handler: node.arguments[1], kind: "listener" };
  }
  const [first, handler] = node.arguments;
  return first && isAddAbortListener(context, node)
    ? { node, signal: unwrap(first), handler, kind: "helper" }
    : undefined;
}

function isAddAbortListener(context: RuleContext, call: ES.CallExpression) {
  const imported = getImported(context, call.callee);
  return imported?.imported === "addAbortListener" &&
    /^(?:node:)?events$/.test(imported.source);
}

function getListenerCall(
  context: RuleContext,
  node: ES.CallExpression,
  name: string,
): ES.Node | undefined {
  const method = getMethodCall(node);
  return method?.name === name && getString(node.arguments[0]) === "abort" &&
      isSignal(context, method.object)
    ? unwrap(method.object)
    : undefined;
}

function getOnAbort(
  context: RuleContext,
  { left }: ES.AssignmentExpression,
): ES.Node | undefined {
  return left.type === "MemberExpression" &&
      getPropertyName(left) === "onabort" && isSignal(context, left.object)
    ? unwrap(left.object)
    : undefined;
}

/** What a removal takes away: a listener by reference, or `onabort`. */
export type Removal =
  | { readonly kind: "listener"; readonly handler: ES.Node }
  | { readonly kind: "property" };

/** The removal that the node is, if it is one. */
export function getRemoval(
  context: RuleContext,
  node: ES.CallExpression | ES.AssignmentExpression,
): Removal | undefined {
  if (node.type === "AssignmentExpression") {
    return getOnAbort(context, node) && isNullish(node.right)
      ? { kind: "property" }
      : undefined;
  }
  const handler = node.arguments[1];
  return handler && getListenerCall(context, node, "removeEventListener")
    ? { kind: "listener", handler: unwrap(handler) }
    : undefined;
}

/**
 * Whether the options of `addEventListener` remove the listener through another
 * signal, or are something that this file doesn't show.
 */
export function mayRemoveItself(
  context: RuleContext,
  registration: Registration,
): boolean {
  if (registration.node.type !== "CallExpression") return false;
  const given = registration.node.arguments[2];
  if (registration.kind !== "listener" || !given) return false;
  const options = lookThrough(context, given);
  if (options.type === "Literal" || isNullish(options)) return false;
  return options.type !== "ObjectExpression" ||
    getProperty(options, "signal") !== undefined ||
    options.properties.some((each) => each.type === "SpreadElement");
}
