/** What is known where a node stands: conditions around it, aborted signals. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  isFunction,
  isNullish,
  outermost,
  unwrap,
} from "../../syntax/nodes.ts";
import { some } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getAbortedOf, getLogic, implies } from "./condition.ts";
import { isSignal } from "../signals/signal.ts";

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
  const written = unwrap(condition);
  // Before a `const` is looked through: what is asked for is its object.
  if (written.type === "Identifier" && isPresence(context, written)) {
    return true;
  }
  const logic = getLogic(context, condition);
  switch (logic.kind) {
    case "not":
      return getAbortedOf(logic.operand) !== undefined;
    case "same":
      return isNeutral(context, logic.operand);
    case "and":
      return isNeutral(context, logic.left) && isNeutral(context, logic.right);
    case "atom":
      return isNeutralAtom(context, logic.node);
    default:
      return false;
  }
}

function isNeutralAtom(context: RuleContext, node: ES.Node): boolean {
  switch (node.type) {
    case "BinaryExpression":
      return /^!==?$/.test(node.operator) && isNullish(node.right);
    case "Identifier":
    case "MemberExpression":
      return isPresence(context, node);
    default:
      return false;
  }
}

/** `if (controller)`: what is asked for is an object, as its use tells. */
function isPresence(context: RuleContext, test: ES.Node): boolean {
  if (isSignal(context, test)) return true;
  const text = context.sourceCode.getText(test);
  const fork = outermost(test).parent;
  return some(context, fork, (each) =>
    each.type === "MemberExpression" &&
    context.sourceCode.getText(unwrap(each.object)) === text);
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
    const signal = test && test !== inner
      ? findAborted(context, test, isTrueSide(parent, inner))
      : parent.type === "BlockStatement"
      ? findLeftUnlessAborted(context, parent, inner)
      : undefined;
    if (signal) return signal;
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

/** The S of which the condition says, by its outcome, that it is aborted. */
function findAborted(
  context: RuleContext,
  condition: ES.Node,
  outcome: boolean,
): ES.Node | undefined {
  let found: ES.Node | undefined;
  const isSaid = implies(context, condition, outcome, (atom, value) => {
    const signal = value ? getAbortedOf(atom) : undefined;
    if (!signal || !isSignal(context, signal)) return false;
    found = signal;
    return true;
  });
  return isSaid ? found : undefined;
}

/** `if (!S.aborted) return;` before the node in its block. */
function findLeftUnlessAborted(
  context: RuleContext,
  block: ES.BlockStatement,
  inner: ES.Node,
): ES.Node | undefined {
  return getLeavings(context, block)
    .findLast(({ end }) => end <= inner.range[0])?.signal;
}

interface Leaving {
  readonly end: number;
  /** Aborted in all that follows. */
  readonly signal: ES.Node;
}

const leavings = new WeakMap<ES.BlockStatement, readonly Leaving[]>();

/** The statements of a block that leave it: asked for at each node in it. */
function getLeavings(
  context: RuleContext,
  block: ES.BlockStatement,
): readonly Leaving[] {
  let known = leavings.get(block);
  if (!known) {
    known = block.body.flatMap((statement) => {
      if (statement.type !== "IfStatement" || statement.alternate) return [];
      if (!leaves(statement.consequent)) return [];
      const signal = findAborted(context, statement.test, false);
      return signal ? [{ end: statement.range[1], signal }] : [];
    });
    leavings.set(block, known);
  }
  return known;
}

/** Whether the statement ends in a jump. */
export function leaves(statement: ES.Node): boolean {
  const last = statement.type === "BlockStatement"
    ? statement.body.at(-1)
    : statement;
  return /^(?:Return|Throw|Continue|Break)Statement$/.test(last?.type ?? "");
}
