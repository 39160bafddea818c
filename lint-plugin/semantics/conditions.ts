/** What is known where a node stands: conditions around it, aborted signals. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  find,
  type FunctionNode,
  getPropertyName,
  isFunction,
  isNullish,
  outermost,
  unwrap,
} from "../_ast.ts";
import type { RuleContext } from "../_rule.ts";
import { isSignal } from "./signals.ts";

const CONDITIONS = new Set([
  "WhileStatement",
  "DoWhileStatement",
  "ForStatement",
  "SwitchCase",
  "CatchClause",
]);

/**
 * Whether the node runs whenever the handler does: under no condition of its
 * own. Whether something is there, or not yet aborted, does not count as one.
 */
export function isUnconditional(
  context: RuleContext,
  handler: FunctionNode,
  node: ES.Node,
): boolean {
  let inner = node;
  while (inner !== handler.body && inner.parent) {
    const { parent }: ES.Node = inner;
    if (CONDITIONS.has(parent.type)) return false;
    const test = getTest(parent);
    if (test && test !== inner && !isNeutral(context, test)) return false;
    inner = parent;
  }
  return true;
}

function getTest(node: ES.Node): ES.Node | undefined {
  if (node.type === "LogicalExpression") return node.left;
  return node.type === "IfStatement" || node.type === "ConditionalExpression"
    ? node.test
    : undefined;
}

function isNeutral(context: RuleContext, condition: ES.Node): boolean {
  const test = unwrap(condition);
  switch (test.type) {
    case "UnaryExpression": {
      const argument = unwrap(test.argument);
      return test.operator === "!" && argument.type === "MemberExpression" &&
        getPropertyName(argument) === "aborted";
    }
    case "LogicalExpression":
      return test.operator === "&&" && isNeutral(context, test.left) &&
        isNeutral(context, test.right);
    case "BinaryExpression":
      return /^!==?$/.test(test.operator) && isNullish(test.right);
    case "Identifier":
    case "MemberExpression":
      return isPresence(context, test);
    default:
      return false;
  }
}

/** `if (controller)`: what is asked for is an object, as its use tells. */
function isPresence(context: RuleContext, test: ES.Node): boolean {
  if (isSignal(context, test)) return true;
  const text = context.sourceCode.getText(test);
  const fork = outermost(test).parent;
  return find(context, fork, (each) =>
    each.type === "MemberExpression" &&
      context.sourceCode.getText(unwrap(each.object)) === text ||
    undefined) !== undefined;
}

/** The signal that is certainly aborted where the node stands. */
export function getAbortedSignal(
  context: RuleContext,
  node: ES.Node,
): ES.Node | undefined {
  let inner = node;
  while (inner.parent && !isFunction(inner.parent)) {
    const { parent }: ES.Node = inner;
    const test = getTest(parent);
    if (test && test !== inner) {
      const signal = isTrueSide(parent, inner)
        ? findAborted(context, test)
        : findNotAborted(context, parent, test);
      if (signal) return signal;
    }
    inner = parent;
  }
  return undefined;
}

/** Whether the branch of the fork runs when its test holds. */
function isTrueSide(fork: ES.Node, branch: ES.Node): boolean {
  if (fork.type === "LogicalExpression") return fork.operator === "&&";
  return (fork.type === "IfStatement" ||
    fork.type === "ConditionalExpression") && fork.consequent === branch;
}

/** The S of `S.aborted`, or of a conjunction with it. */
function findAborted(
  context: RuleContext,
  condition: ES.Node,
): ES.Node | undefined {
  const test = unwrap(condition);
  if (test.type === "LogicalExpression" && test.operator === "&&") {
    return findAborted(context, test.right) ?? findAborted(context, test.left);
  }
  if (test.type === "BinaryExpression") {
    const isTrue = test.operator === "===" && test.right.type === "Literal" &&
      test.right.value === true;
    return isTrue ? findAborted(context, test.left) : undefined;
  }
  return test.type === "MemberExpression" &&
      getPropertyName(test) === "aborted" && isSignal(context, test.object)
    ? unwrap(test.object)
    : undefined;
}

/** The S of `!S.aborted` before an `else`. */
function findNotAborted(
  context: RuleContext,
  fork: ES.Node,
  condition: ES.Node,
): ES.Node | undefined {
  if (fork.type === "LogicalExpression") return undefined;
  const test = unwrap(condition);
  return test.type === "UnaryExpression" && test.operator === "!"
    ? findAborted(context, test.argument)
    : undefined;
}
