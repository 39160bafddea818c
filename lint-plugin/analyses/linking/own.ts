/** Signals that a function makes, and the calls that get them. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getEnclosingFunction,
  getProgram,
  getPropertyName,
  outermost,
} from "../../syntax/nodes.ts";
import { find } from "../../syntax/walk.ts";
import { oncePerFile } from "../../syntax/text.ts";
import type { RuleContext, Variable } from "../../host/rule.ts";
import { isInCleanup } from "../../semantics/cancellation/cleanup.ts";
import { getExportedFunctions } from "../../semantics/names/exports.ts";
import {
  getGivenSignals,
  type GivenSignal,
} from "../../semantics/signals/given.ts";
import { getReferenceKey } from "../../semantics/names/reference.ts";
import { getMdcCall } from "../../semantics/tasks/calls.ts";
import { getTaskBody } from "../../semantics/tasks/bodies.ts";
import {
  getReads,
  getVariable,
  isConstant,
  lookThrough,
} from "../../semantics/names/variables.ts";
import {
  type CallersSignal,
  findCallersSignal,
  getBinding,
  isBarrier,
} from "../../semantics/signals/callers.ts";
import { isWaitedFor } from "../../semantics/promises/awaited.ts";

/** A signal of one's own. */
export interface OwnSignal {
  /** Where it is made: `new AbortController()`, `AbortSignal.timeout(…)`. */
  readonly node: ES.Node;
  /** The variable that holds the controller or the signal. */
  readonly variable: Variable | undefined;
  /** How a message writes the signal. */
  readonly text: string;
}

/**
 * The own signal that the expression makes. A controller that is handed out as a
 * whole may be linked elsewhere; one that nobody aborts is another matter.
 */
export function getOwnSignal(
  context: RuleContext,
  node: ES.NewExpression | ES.CallExpression,
): OwnSignal | undefined {
  const value = outermost(node);
  const { parent } = value;
  const binding = parent?.type === "VariableDeclarator" &&
      parent.init === value && parent.id.type === "Identifier"
    ? parent.id
    : undefined;
  const variable = binding && getVariable(context, binding);
  if (node.type === "CallExpression") {
    return { node, variable, text: binding?.name ?? "AbortSignal.timeout()" };
  }
  return variable && isConstant(variable) && isAbortedHere(variable)
    ? { node, variable, text: `${variable.name}.signal` }
    : undefined;
}

function isAbortedHere(controller: Variable): boolean {
  const uses = getReads(controller).map(getControllerUse);
  return uses.includes("abort") && !uses.includes("whole");
}

function getControllerUse(use: ES.Identifier): "signal" | "abort" | "whole" {
  const value = outermost(use);
  const { parent } = value;
  if (parent?.type === "MemberExpression" && parent.object === value) {
    const name = getPropertyName(parent);
    return name === "abort" || name === "signal" ? name : "whole";
  }
  const isDestructured = parent?.type === "VariableDeclarator" &&
    parent.id.type === "ObjectPattern";
  if (isDestructured) return "signal";
  // `own.abort.bind(own)`
  const callee = parent?.type === "CallExpression" && outermost(parent.callee);
  return callee && callee.type === "MemberExpression" &&
      getPropertyName(callee) === "bind"
    ? "abort"
    : "whole";
}

/** The caller's signal that the code at the node should obey. */
export function findParentSignal(
  context: RuleContext,
  node: ES.Node,
): CallersSignal | undefined {
  return findCallersSignal(context, node) ?? findRequestInit(context, node);
}

const mentionsRequestInit = oncePerFile((context) =>
  context.sourceCode.getText().includes("RequestInit")
);

/** `init: RequestInit`, whatever its name, where others give it. */
function findRequestInit(
  context: RuleContext,
  node: ES.Node,
): CallersSignal | undefined {
  const owner = getEnclosingFunction(node);
  if (!owner || !mentionsRequestInit(context)) return undefined;
  const isExported = getExportedFunctions(context, getProgram(node))
    .some((each) => each.node === owner);
  if (!isExported) return undefined;
  for (const parameter of owner.params) {
    const binding = getBinding(parameter);
    if (binding.type !== "Identifier" || !binding.typeAnnotation) continue;
    const type = context.sourceCode.getText(
      binding.typeAnnotation.typeAnnotation,
    );
    const root = getVariable(context, binding);
    if (type === "RequestInit" && root) {
      return { text: `${binding.name}.signal`, root, owner };
    }
  }
  return undefined;
}

/** Where work that the function waits for gets the signal. */
export function getUses(
  context: RuleContext,
  home: FunctionNode,
  own: OwnSignal,
): GivenSignal[] {
  const uses: GivenSignal[] = [];
  find(context, home.body, (node) => {
    if (node.type !== "CallExpression") return undefined;
    const given = getGivenSignals(context, node)
      .filter(({ value }) => isOwn(context, value, own));
    if (given.length > 0 && isJudged(context, node, home)) uses.push(...given);
    return undefined;
  });
  return uses;
}

function isOwn(
  context: RuleContext,
  value: ES.Node,
  { node, variable }: OwnSignal,
): boolean {
  if (node.type === "CallExpression") {
    return lookThrough(context, value) === node;
  }
  const binding = variable?.defs[0]?.name as ES.Identifier | undefined;
  return binding !== undefined &&
    getReferenceKey(context, value) ===
      `${variable?.name}@${binding.range[0]}.signal`;
}

/** Work that the code waits for, and that isn't itself cleanup or a companion. */
function isJudged(
  context: RuleContext,
  call: ES.CallExpression,
  home: FunctionNode,
): boolean {
  if (!isWaitedFor(context, call) || isInCleanup(context, call)) return false;
  let around = getEnclosingFunction(call);
  while (around && around !== home) {
    if (isBarrier(around)) return false;
    around = getEnclosingFunction(around);
  }
  // A task is linked to the one around it by birth.
  return !(getMdcCall(context, call) === "createTask" &&
    getTaskBody(context, call));
}
