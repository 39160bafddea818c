/** What code does with a task tracker or group that it made. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getEnclosingFunction,
  getPropertyName,
  isFunctionExpression,
  outermost,
} from "../syntax/nodes.ts";
import type { RuleContext, Variable } from "../host/rule.ts";
import { isExecutor } from "../syntax/executors.ts";
import {
  getReads,
  getVariable,
  getWrites,
} from "../semantics/names/variables.ts";

const DISPOSALS = /^(?:cancelAll|drain|join)$/;
const FACTS = /^(?:size|closed)$/;

/** The variable of the function whose first value the expression is. */
export function getFirstValueVariable(
  context: RuleContext,
  value: ES.Node,
): Variable | undefined {
  const { parent } = value;
  const binding = parent?.type === "VariableDeclarator" && parent.init === value
    ? parent.id
    : parent?.type === "AssignmentExpression" && parent.right === value &&
        parent.operator === "="
    ? parent.left
    : undefined;
  if (binding?.type !== "Identifier") return undefined;
  const variable = getVariable(context, binding);
  const declared = variable?.defs[0]?.name as ES.Node | undefined;
  const isLocal = variable?.defs[0]?.type === "Variable" && declared &&
    getEnclosingFunction(declared) === getEnclosingFunction(value);
  return isLocal && getWrites(variable)[0] === value ? variable : undefined;
}

/**
 * Whether all that happens to the tracker leaves its tasks running: nobody
 * disposes of it, and nobody else gets it who could.
 */
export function isOnlyFilled(variable: Variable, home: FunctionNode): boolean {
  const uses = getReads(variable);
  return uses.length > 0 &&
    uses.every((use) => isFilling(use) && runsWithin(use, home));
}

function isFilling(use: ES.Identifier): boolean {
  const value = outermost(use);
  const { parent } = value;
  switch (parent?.type) {
    case "MemberExpression": {
      if (parent.object !== value) return false;
      const name = getPropertyName(parent);
      if (name === undefined || DISPOSALS.test(name)) return false;
      const member = outermost(parent);
      return FACTS.test(name) ||
        member.parent?.type === "CallExpression" &&
          member.parent.callee === member;
    }
    case "ForOfStatement":
      return parent.right === value;
    case "IfStatement":
    case "ConditionalExpression":
    case "WhileStatement":
      return parent.test === value;
    case "LogicalExpression":
      return parent.operator === "&&" && parent.left === value;
    case "UnaryExpression":
      return parent.operator === "!";
    default:
      return false;
  }
}

/** Whether only the function itself and callbacks given to calls are around. */
function runsWithin(node: ES.Node, home: FunctionNode): boolean {
  let around = getEnclosingFunction(node);
  while (around && around !== home) {
    const callback = outermost(around);
    const call = callback.parent;
    const isCallback = isFunctionExpression(around) &&
      (isExecutor(around) ||
        call?.type === "CallExpression" && call.callee !== callback);
    if (!isCallback) return false;
    around = getEnclosingFunction(around);
  }
  return around === home;
}
