/** Signal expressions: what is one, and where an expression mentions one. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getLastName,
  getPropertyName,
  isMemberOf,
  type Maybe,
  unwrap,
} from "../../syntax/nodes.ts";
import { find, findInFlow } from "../../syntax/walk.ts";
import type { Definition, RuleContext, Variable } from "../../host/rule.ts";
import {
  getInitialiser,
  getOnlyDefinition,
  getVariable,
} from "../names/variables.ts";
import { getAnnotation, getPatternKey } from "../names/patterns.ts";

const SIGNAL_CLASS = /^[A-Z]\w*[a-z]Signal$/;
const REACTIVE = /^(?:useSignal|signal|createSignal|ref|computed)$/;
const MERGES = /^(?:any|merge|combine|race)(?:Abort)?Signals?$/i;
const API = new Set([
  "aborted",
  "reason",
  "onabort",
  "throwIfAborted",
  "addEventListener",
  "removeEventListener",
  "dispatchEvent",
]);

/** Whether the name ends in `signal`, and isn't a class like `AbortSignal`. */
export function isSignalName(name: string): boolean {
  return /signal$/i.test(name) && !SIGNAL_CLASS.test(name);
}

/** Whether the expression is an `AbortSignal`, by name, annotation or origin. */
export function isSignal(context: RuleContext, node: Maybe<ES.Node>): boolean {
  const inner = unwrap(node);
  const typed = getTyped(context, inner);
  if (typed !== undefined) return typed;
  if (inner?.type === "MemberExpression") {
    return isSignalName(getPropertyName(inner) ?? "");
  }
  if (inner?.type === "CallExpression") return isSignalCall(inner);
  if (inner?.type !== "Identifier") return false;
  const named = isSignalName(inner.name);
  const variable = getVariable(context, inner);
  if (!variable) return named;
  return memo(context, variable, (known) => isSignalVariable(known, variable));
}

/** What types say, which know better than names. */
function getTyped(
  context: RuleContext,
  node: Maybe<ES.Node>,
): boolean | undefined {
  return node?.type === "Identifier" || node?.type === "MemberExpression"
    ? context.types?.isAbortSignal(node)
    : undefined;
}

const verdicts = new WeakMap<object, WeakMap<Variable, boolean>>();

function memo(
  context: RuleContext,
  variable: Variable,
  decide: (context: RuleContext) => boolean,
): boolean {
  let known = verdicts.get(context.sourceCode);
  if (!known) verdicts.set(context.sourceCode, known = new WeakMap());
  let answer = known.get(variable);
  if (answer === undefined) {
    // Ends the recursion of `const a = b, b = a`.
    known.set(variable, false);
    known.set(variable, answer = decide(context));
  }
  return answer;
}

function isSignalVariable(context: RuleContext, variable: Variable): boolean {
  const definition = getOnlyDefinition(variable);
  if (!definition) return isSignalName(variable.name);
  const annotation = getAnnotation(definition);
  if (annotation) return isSignalType(context, annotation);
  const initialiser = unwrap(getInitialiser(variable));
  if (isSignalAlias(context, definition, initialiser)) return true;
  return isSignalName(variable.name) && !isReactive(definition) &&
    !isCarrier(variable);
}

/** `const s = options.signal`, `{ signal: s }`, `for (const s of signals)`. */
function isSignalAlias(
  context: RuleContext,
  definition: Definition,
  initialiser: Maybe<ES.Node>,
): boolean {
  if (initialiser) {
    if (initialiser.type === "CallExpression") return isSignalCall(initialiser);
    if (
      initialiser.type === "MemberExpression" ||
      initialiser.type === "Identifier"
    ) return isSignal(context, initialiser);
    if (initialiser.type === "LogicalExpression") {
      return isSignal(context, initialiser.left) &&
        initialiser.operator !== "&&";
    }
  }
  const binding = definition.name as ES.Identifier;
  const key = getPatternKey(binding);
  if (key !== undefined) return isSignalName(key);
  const declaration = (definition.node as ES.Node).parent?.parent;
  return declaration?.type === "ForOfStatement" &&
    declaration.left === (definition.node as ES.Node).parent &&
    /signals$/i.test(getLastName(declaration.right) ?? "");
}

/** Whether the type is `AbortSignal`, alone or in a union. */
export function isSignalType(context: RuleContext, type: ES.TypeNode): boolean {
  if (type.type === "TSUnionType" || type.type === "TSIntersectionType") {
    return type.types.some((each) => isSignalType(context, each));
  }
  return type.type === "TSTypeReference" &&
    context.sourceCode.getText(type.typeName).includes("AbortSignal");
}

/** A reactive "signal" of a UI library. */
function isReactive(definition: Definition): boolean {
  if (definition.type !== "Variable") return false;
  const init = unwrap((definition.node as ES.VariableDeclarator).init);
  return init?.type === "CallExpression" &&
    REACTIVE.test(getLastName(init.callee) ?? "");
}

/** Every use is `signal.somethingElse`: not an AbortSignal. */
function isCarrier(variable: Variable): boolean {
  const uses = variable.references.filter((each) => each.isRead());
  return uses.length > 0 && uses.every(({ identifier }) => {
    const parent = (identifier as ES.Node).parent;
    return parent?.type === "MemberExpression" &&
      parent.object === identifier && !API.has(getPropertyName(parent) ?? "");
  });
}

/** Whether the call makes a signal: `AbortSignal.any(…)`, `mergeSignals(…)`. */
export function isSignalCall(call: ES.CallExpression): boolean {
  return isMemberOf(call.callee, "AbortSignal", /^(?:any|timeout|abort)$/) ||
    MERGES.test(getLastName(call.callee) ?? "");
}

/**
 * The first signal expression in the node that `accepts` likes, without the
 * inside of nested functions.
 */
export function findSignal(
  context: RuleContext,
  node: Maybe<ES.Node>,
  accepts: (context: RuleContext, node: ES.Node) => boolean = isSignal,
): ES.Node | undefined {
  let inside: ES.Node | undefined;
  const found = findInFlow(context, node, (each) => {
    const verdict = visitSignal(context, each, accepts);
    if (verdict !== undefined) return verdict;
    inside = findInOptions(context, each, accepts);
    return inside !== undefined || undefined;
  });
  return inside ?? found;
}

/** The signal in the options object behind a constant: `fetch(url, init)`. */
function findInOptions(
  context: RuleContext,
  node: ES.Node,
  accepts: (context: RuleContext, node: ES.Node) => boolean,
): ES.Node | undefined {
  if (node.type !== "Identifier" || !isHandedOver(node)) return undefined;
  const variable = getVariable(context, node);
  const made = unwrap(getInitialiser(variable));
  if (!variable || !made || made.range[1] > node.range[0]) return undefined;
  const isOptions = made.type === "ObjectExpression" ||
    made.type === "NewExpression" && getLastName(made.callee) === "Request";
  if (!isOptions) return undefined;
  return findSignal(context, made, accepts) ??
    findPutSignal(variable, node, (value) => accepts(context, value));
}

/** Whether the name stands for an argument, or is spread into one. */
function isHandedOver(node: ES.Identifier): boolean {
  const parent = node.parent;
  if (parent?.type === "SpreadElement") return true;
  return (parent?.type === "CallExpression" ||
    parent?.type === "NewExpression") && parent.callee !== node;
}

/** The signal that is put into the options later: `init.signal = signal`. */
function findPutSignal(
  { references }: Variable,
  before: ES.Node,
  accepts: (value: ES.Node) => boolean,
): ES.Node | undefined {
  for (const { identifier } of references) {
    const member = (identifier as ES.Node).parent;
    if (
      member?.type !== "MemberExpression" || member.object !== identifier ||
      !isSignalName(getPropertyName(member) ?? "")
    ) continue;
    const put = member.parent;
    if (
      put.type === "AssignmentExpression" && put.left === member &&
      put.range[1] <= before.range[0] && accepts(put.right)
    ) return put.right;
  }
  return undefined;
}

/** Like {@linkcode findSignal}, and also inside nested functions. */
export function findSignalAnywhere(
  context: RuleContext,
  node: Maybe<ES.Node>,
): ES.Node | undefined {
  return find(context, node, (each) => visitSignal(context, each, isSignal));
}

function visitSignal(
  context: RuleContext,
  node: ES.Node,
  accepts: (context: RuleContext, node: ES.Node) => boolean,
): boolean | "skip" | undefined {
  if (node.type === "CallExpression") {
    // `anySignal(all)`; in `AbortSignal.any([signal])` the signal itself is found.
    const isMerge = isSignalCall(node) &&
      node.arguments[0]?.type === "Identifier";
    return isMerge && accepts(context, node) || undefined;
  }
  if (node.type !== "Identifier" && node.type !== "MemberExpression") {
    return undefined;
  }
  if (node.type === "Identifier" && isMereName(node)) return undefined;
  return accepts(context, node) || undefined;
}

/** Property names, keys and called functions (`raceSignal()`) are no signals. */
function isMereName(node: ES.Identifier): boolean {
  const parent = node.parent;
  if (parent?.type === "CallExpression" || parent?.type === "NewExpression") {
    return parent.callee === node;
  }
  if (parent?.type === "MemberExpression") {
    return parent.property === node && !parent.computed;
  }
  return parent?.type === "Property" && parent.key === node &&
    !parent.computed && !parent.shorthand;
}
