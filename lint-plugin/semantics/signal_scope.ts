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
} from "../_ast.ts";
import type { RuleContext, Variable } from "../_rule.ts";
import { getMdcThing, importsMdc } from "./mdc.ts";
import { getVariable, lookUp } from "./scope.ts";
import { isSignal } from "./signals.ts";
import { declaresSignal } from "./signal_types.ts";

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

/**
 * How the code writes the signal in scope: that of the nearest enclosing
 * function that has one. The search goes through plain callbacks, but not out of
 * methods, deferred callbacks and `finally`.
 */
export function getSignalInScope(
  context: RuleContext,
  at: ES.Node,
): string | undefined {
  let node: ES.Node = at;
  while (node.parent) {
    const parent: ES.Node = node.parent;
    if (parent.type === "TryStatement" && parent.finalizer === node) {
      return undefined;
    }
    node = parent;
    if (!isFunction(node)) continue;
    const text = getParameterSignal(context, node, at);
    if (text !== undefined) return text;
    if (isBarrier(node)) return undefined;
  }
  return undefined;
}

function isBarrier(node: FunctionNode): boolean {
  const outer = outermost(node);
  const parent = outer.parent;
  if (parent?.type === "CallExpression") {
    return parent.callee !== outer &&
      DEFERRING.has(getLastName(parent.callee) ?? "");
  }
  return parent?.type === "MethodDefinition" ||
    parent?.type === "PropertyDefinition" || parent?.type === "Property";
}

function getParameterSignal(
  context: RuleContext,
  node: FunctionNode,
  at: ES.Node,
): string | undefined {
  for (const parameter of node.params) {
    const binding = getBinding(parameter);
    const text = binding.type === "ObjectPattern"
      ? getPatternSignal(context, binding, at)
      : binding.type === "Identifier"
      ? getIdentifierSignal(context, binding, node, at)
      : undefined;
    if (text !== undefined) return text;
  }
  return undefined;
}

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
): string | undefined {
  for (const property of pattern.properties) {
    if (property.type !== "Property") continue;
    const binding = getBinding(property.value);
    if (
      binding.type === "Identifier" && isSignal(context, binding) &&
      isVisible(context, binding, at)
    ) return binding.name;
  }
  return undefined;
}

function getIdentifierSignal(
  context: RuleContext,
  binding: ES.Identifier,
  owner: FunctionNode,
  at: ES.Node,
): string | undefined {
  if (!isVisible(context, binding, at)) return undefined;
  if (isSignal(context, binding)) return binding.name;
  const variable = getVariable(context, binding);
  if (!variable) return undefined;
  if (importsMdc(context, at) && getMdcThing(context, binding) === "context") {
    return getDestructured(context, variable, at) ?? `${binding.name}.signal`;
  }
  if (!CARRIER.test(binding.name)) return undefined;
  const isCarrier = declaresSignal(context, binding) ||
    variable.references.some(({ identifier }) =>
      isSignalRead(identifier as ES.Node) &&
      contains(owner, identifier as ES.Node)
    );
  return isCarrier
    ? getDestructured(context, variable, at) ?? `${binding.name}.signal`
    : undefined;
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
