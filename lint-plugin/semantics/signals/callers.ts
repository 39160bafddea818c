/** The signal that a caller gave to the code around a node. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  contains,
  type FunctionNode,
  getLastName,
  getProperty,
  isFunction,
  type Maybe,
  outermost,
  unwrap,
} from "../../syntax/nodes.ts";
import type { RuleContext, Variable } from "../../host/rule.ts";
import { getMdcThing, importsMdc } from "../tasks/calls.ts";
import { getVariable, lookUp } from "../names/variables.ts";
import { isSignal } from "./signal.ts";
import { declaresSignal, deniesSignal } from "./annotations.ts";

/** Parameters that usually carry a signal among other options. */
export const CARRIER: RegExp = /^(?:options|opts|init|ctx|context)$/;

const DEFERRING = new Set([
  "addEventListener",
  "on",
  "once",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "finally",
  "useEffect",
]);

/** The signal that a function's caller gave to it. */
export interface CallersSignal {
  /** How the code writes it: `signal`, `options.signal`. */
  readonly text: string;
  /** The parameter's variable: the signal itself, or what carries it. */
  readonly root: Variable;
  /** The function whose parameter it is. */
  readonly owner: FunctionNode;
}

/** How the code writes the signal in scope. */
export function getSignalInScope(
  context: RuleContext,
  at: ES.Node,
): string | undefined {
  return findCallersSignal(context, at)?.text;
}

/**
 * The signal in scope: that of the nearest enclosing function that has one. The
 * search goes through plain callbacks, but not out of methods, deferred callbacks
 * and `finally`.
 */
export function findCallersSignal(
  context: RuleContext,
  at: ES.Node,
): CallersSignal | undefined {
  let node: ES.Node = at;
  while (node.parent) {
    const parent: ES.Node = node.parent;
    if (parent.type === "TryStatement" && parent.finalizer === node) {
      return undefined;
    }
    node = parent;
    if (!isFunction(node)) continue;
    const signal = getParameterSignal(context, node, at);
    if (signal) return signal;
    if (isBarrier(node)) return undefined;
  }
  return undefined;
}

/** Whether the function runs later, or for others than the code around it. */
export function isBarrier(node: FunctionNode): boolean {
  const outer = outermost(node);
  const parent = outer.parent;
  if (parent?.type === "CallExpression") {
    return parent.callee !== outer &&
      DEFERRING.has(getLastName(parent.callee) ?? "");
  }
  return parent?.type === "MethodDefinition" ||
    parent?.type === "PropertyDefinition" || parent?.type === "Property";
}

/** The signal among the function's own parameters. */
export function getParameterSignal(
  context: RuleContext,
  owner: FunctionNode,
  at: ES.Node,
): CallersSignal | undefined {
  for (const parameter of owner.params) {
    const binding = getBinding(parameter);
    const found = binding.type === "ObjectPattern"
      ? getPatternSignal(context, binding, at)
      : binding.type === "Identifier"
      ? getIdentifierSignal(context, binding, owner, at)
      : undefined;
    if (found) return { ...found, owner };
  }
  return undefined;
}

type Found = Omit<CallersSignal, "owner">;

/** The pattern or name that a parameter binds, without its default. */
export function getBinding(parameter: ES.Node): ES.Node {
  if (parameter.type === "AssignmentPattern") return parameter.left;
  if (parameter.type === "TSParameterProperty") {
    return getBinding(parameter.parameter);
  }
  return parameter;
}

function getPatternSignal(
  context: RuleContext,
  pattern: ES.ObjectPattern,
  at: ES.Node,
): Found | undefined {
  for (const property of pattern.properties) {
    if (property.type !== "Property") continue;
    const binding = getBinding(property.value);
    if (binding.type !== "Identifier" || !isSignal(context, binding)) continue;
    const root = getVariable(context, binding);
    if (root && isVisible(context, binding, at)) {
      return { text: binding.name, root };
    }
  }
  return undefined;
}

function getIdentifierSignal(
  context: RuleContext,
  binding: ES.Identifier,
  owner: FunctionNode,
  at: ES.Node,
): Found | undefined {
  const root = getVariable(context, binding);
  if (!root || !isVisible(context, binding, at)) return undefined;
  if (isSignal(context, binding)) return { text: binding.name, root };
  const isContext = importsMdc(context, at) &&
    getMdcThing(context, binding) === "context";
  if (!isContext && !carriesSignal(context, binding, owner, root)) {
    return undefined;
  }
  const dot = binding.optional ? "?." : ".";
  const text = getDestructured(context, root, at) ??
    `${binding.name}${dot}signal`;
  return { text, root };
}

/** Whether the options parameter has a signal: as declared, or as used. */
function carriesSignal(
  context: RuleContext,
  binding: ES.Identifier,
  owner: FunctionNode,
  { references }: Variable,
): boolean {
  if (!CARRIER.test(binding.name) || deniesSignal(context, binding)) {
    return false;
  }
  return (declaresSignal(context, binding) ||
    references.some(({ identifier }) =>
      isSignalRead(identifier as ES.Node) &&
      contains(owner, identifier as ES.Node)
    ));
}

/** `options.signal`, or `const { signal } = options`. */
function isSignalRead(identifier: ES.Node): boolean {
  const parent = outermost(identifier).parent;
  if (parent?.type === "MemberExpression") {
    return getLastName(parent) === "signal" &&
      unwrap(parent.object) === identifier;
  }
  return getSignalBinding(parent) !== undefined;
}

function getSignalBinding(
  declarator: Maybe<ES.Node>,
): ES.Identifier | undefined {
  if (
    declarator?.type !== "VariableDeclarator" ||
    declarator.id.type !== "ObjectPattern"
  ) return undefined;
  const value = getProperty(declarator.id, "signal")?.value;
  const binding = value && getBinding(value);
  return binding?.type === "Identifier" ? binding : undefined;
}

/** The name under which the code has already taken the signal out. */
function getDestructured(
  context: RuleContext,
  carrier: Variable,
  at: ES.Node,
): string | undefined {
  for (const { identifier } of carrier.references) {
    const declarator = outermost(identifier as ES.Node).parent;
    const binding = getSignalBinding(declarator);
    if (
      binding && declarator && declarator.range[1] <= at.range[0] &&
      isVisible(context, binding, at)
    ) return binding.name;
  }
  return undefined;
}

function isVisible(
  context: RuleContext,
  binding: ES.Identifier,
  at: ES.Node,
): boolean {
  return lookUp(context, binding.name, at) === getVariable(context, binding);
}
