/** The signal that a caller gave to the code around a node. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  contains,
  type FunctionNode,
  getKeyName,
  getLastName,
  isFunction,
  type Maybe,
  outermost,
  unwrap,
} from "../../syntax/nodes.ts";
import { findInFlow } from "../../syntax/walk.ts";
import type { RuleContext, Variable } from "../../host/rule.ts";
import { getMdcThing, importsMdc } from "../tasks/calls.ts";
import { getVariable, lookUp } from "../names/variables.ts";
import { isSignal } from "./signal.ts";
import { deniesSignal, getDeclaredKey } from "./annotations.ts";
import { CARRIER, SIGNAL_KEY } from "../../vocabulary/names.ts";

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

/**
 * How the code writes the signal in scope; also one that the function reads from
 * the options of its object, `this.options.signal`.
 */
export function getSignalInScope(
  context: RuleContext,
  at: ES.Node,
): string | undefined {
  return search(
    at,
    (owner) =>
      getParameterSignal(context, owner, at)?.text ??
        findFieldSignal(context, owner, at),
  );
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
  return search(at, (owner) => getParameterSignal(context, owner, at));
}

function search<T>(
  at: ES.Node,
  look: (owner: FunctionNode) => T | undefined,
): T | undefined {
  let node: ES.Node = at;
  while (node.parent) {
    const parent: ES.Node = node.parent;
    if (parent.type === "TryStatement" && parent.finalizer === node) {
      return undefined;
    }
    node = parent;
    if (!isFunction(node)) continue;
    const found = look(node);
    if (found !== undefined) return found;
    if (isBarrier(node)) return undefined;
  }
  return undefined;
}

/** `this.options.signal`, if the function itself reads it before that place. */
function findFieldSignal(
  context: RuleContext,
  owner: FunctionNode,
  at: ES.Node,
): string | undefined {
  const read = findInFlow(context, owner.body, (node) => {
    if (node.range[0] >= at.range[0]) return "skip";
    return isFieldSignal(node) || undefined;
  });
  return read && context.sourceCode.getText(read);
}

function isFieldSignal(node: ES.Node): boolean {
  if (
    node.type !== "MemberExpression" ||
    !SIGNAL_KEY.test(getLastName(node) ?? "")
  ) return false;
  const carrier = unwrap(node.object);
  return carrier.type === "MemberExpression" &&
    unwrap(carrier.object).type === "ThisExpression" &&
    CARRIER.test(getLastName(carrier) ?? "") && !isWritten(node);
}

function isWritten(node: ES.Node): boolean {
  const { parent } = node;
  return parent?.type === "AssignmentExpression" && parent.left === node;
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
  const key = isContext
    ? "signal"
    : getCarriedKey(context, binding, owner, root);
  if (key === undefined) return undefined;
  const dot = binding.optional ? "?." : ".";
  const text = getDestructured(context, root, at) ??
    `${binding.name}${dot}${key}`;
  return { text, root };
}

/** Under which name the options have a signal: as declared, or as used. */
function getCarriedKey(
  context: RuleContext,
  binding: ES.Identifier,
  owner: FunctionNode,
  { references }: Variable,
): string | undefined {
  if (!CARRIER.test(binding.name) || deniesSignal(context, binding)) {
    return undefined;
  }
  const declared = getDeclaredKey(context, binding);
  if (declared !== undefined) return declared;
  for (const { identifier } of references) {
    const key = getReadKey(identifier as ES.Node);
    if (key !== undefined && contains(owner, identifier as ES.Node)) return key;
  }
  return undefined;
}

/** `options.signal`, or `const { signal } = options`. */
function getReadKey(identifier: ES.Node): string | undefined {
  const parent = outermost(identifier).parent;
  if (parent?.type !== "MemberExpression") return getTaken(parent)?.key;
  const name = getLastName(parent) ?? "";
  return SIGNAL_KEY.test(name) && unwrap(parent.object) === identifier
    ? name
    : undefined;
}

/** What `const { signal } = …` takes out. */
function getTaken(
  declarator: Maybe<ES.Node>,
): { readonly key: string; readonly binding: ES.Identifier } | undefined {
  if (
    declarator?.type !== "VariableDeclarator" ||
    declarator.id.type !== "ObjectPattern"
  ) return undefined;
  for (const property of declarator.id.properties) {
    if (property.type !== "Property") continue;
    const key = getKeyName(property.key, property.computed) ?? "";
    const binding = getBinding(property.value);
    if (SIGNAL_KEY.test(key) && binding.type === "Identifier") {
      return { key, binding };
    }
  }
  return undefined;
}

/** The name under which the code has already taken the signal out. */
function getDestructured(
  context: RuleContext,
  carrier: Variable,
  at: ES.Node,
): string | undefined {
  for (const { identifier } of carrier.references) {
    const declarator = outermost(identifier as ES.Node).parent;
    const binding = getTaken(declarator)?.binding;
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
