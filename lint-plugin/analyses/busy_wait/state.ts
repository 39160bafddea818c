/** State of this process that other code changes while a loop waits. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  contains,
  type FunctionNode,
  getEnclosingFunction,
  getOnlyExpression,
  getPropertyName,
  isMemberOf,
  unwrap,
} from "../../syntax/nodes.ts";
import { someInFlow } from "../../syntax/walk.ts";
import type { RuleContext, Variable } from "../../host/rule.ts";
import { getReferenceKey } from "../../semantics/names/reference.ts";
import { getMdcCall } from "../../semantics/tasks/calls.ts";
import { getLocalCallee } from "../../semantics/names/methods.ts";
import { getVariable } from "../../semantics/names/variables.ts";

/** What a test looks at. */
export interface Look {
  /** State that other code changes, as the test writes it. */
  readonly state?: ES.Node | undefined;
  /** Time, or something that the loop counts. */
  readonly counts?: boolean | undefined;
  /** A call, or anything else that may do or cost something. */
  readonly works?: boolean | undefined;
}

const NOTHING: Look = {};
const WORK: Look = { works: true };
const COUNT: Look = { counts: true };

/** What the test looks at, as seen from the loop. */
export function look(
  context: RuleContext,
  loop: ES.Node,
  test: ES.Node,
  seen: ReadonlySet<FunctionNode> = new Set(),
): Look {
  const into = (node: ES.Node): Look => look(context, loop, node, seen);
  const node = unwrap(test);
  switch (node.type) {
    case "Literal":
      return NOTHING;
    case "Identifier":
      return lookAtVariable(context, loop, node);
    case "MemberExpression":
      return lookAtMember(context, loop, node);
    case "UnaryExpression":
      return node.operator === "delete" ? WORK : into(node.argument);
    case "UpdateExpression":
      return COUNT;
    case "AssignmentExpression":
      return { counts: true, works: into(node.right).works };
    case "LogicalExpression":
      return join(into(node.left), into(node.right));
    case "ConditionalExpression":
      return join(
        into(node.test),
        join(into(node.consequent), into(node.alternate)),
      );
    case "BinaryExpression": {
      const both = join(into(node.left), into(node.right));
      // `i < this.limit`, `Date.now() < this.deadline`: about the left side.
      return both.counts ? { ...both, state: undefined } : both;
    }
    case "CallExpression":
    case "NewExpression":
      return isTime(context, node) ? COUNT : lookAtCall(
        context,
        loop,
        node,
        seen,
      );
    default:
      return WORK;
  }
}

function join(one: Look, other: Look): Look {
  return {
    state: one.state ?? other.state,
    counts: one.counts || other.counts,
    works: one.works || other.works,
  };
}

function lookAtVariable(
  context: RuleContext,
  loop: ES.Node,
  node: ES.Identifier,
): Look {
  const variable = getVariable(context, node);
  if (!variable) {
    return /^(?:undefined|NaN|Infinity)$/.test(node.name) ? NOTHING : WORK;
  }
  if (isChangedIn(loop, variable)) return COUNT;
  const owner = getEnclosingFunction(loop);
  const isShared = variable.references.some((each) =>
    each.isWrite() && !each.init &&
    getEnclosingFunction(each.identifier as ES.Node) !== owner
  );
  return isShared ? { state: node } : NOTHING;
}

function isChangedIn(loop: ES.Node, variable: Variable): boolean {
  return variable.references.some((each) =>
    each.isWrite() && contains(loop, each.identifier as ES.Node)
  );
}

/** Constants and members of enums, by their spelling. */
const CONSTANT = /(?:^|\.)[A-Z][A-Z\d_]+$|^[A-Z]\w*\.[A-Z]\w*$/;
/** Hosts tell nobody of a change. */
const HOST = /^(?:window|document|globalThis|self|process|Deno|Bun|navigator)$/;

function lookAtMember(
  context: RuleContext,
  loop: ES.Node,
  member: ES.MemberExpression,
): Look {
  const name = getPropertyName(member) ?? "";
  if (name === "bufferedAmount") return WORK;
  if (CONSTANT.test(context.sourceCode.getText(member))) return NOTHING;
  if (member.computed) {
    const index = look(context, loop, member.property);
    if (index.works || index.counts) return index;
  }
  let root = unwrap(member.object);
  while (root.type === "MemberExpression") root = unwrap(root.object);
  if (root.type === "Identifier") {
    const variable = getVariable(context, root);
    if (!variable || HOST.test(root.name)) return WORK;
    if (isChangedIn(loop, variable)) return COUNT;
  } else if (root.type !== "ThisExpression") return WORK;
  return isAssignedIn(context, loop, member) ? COUNT : { state: member };
}

/** Whether the loop itself writes to the member. */
function isAssignedIn(
  context: RuleContext,
  loop: ES.Node,
  member: ES.MemberExpression,
): boolean {
  const key = getReferenceKey(context, member);
  return someInFlow(context, loop, (each) => {
    const target = each.type === "UpdateExpression"
      ? each.argument
      : each.type === "AssignmentExpression"
      ? each.left
      : undefined;
    return target?.type === "MemberExpression" &&
      getReferenceKey(context, target) === key;
  });
}

function isTime(
  context: RuleContext,
  node: ES.CallExpression | ES.NewExpression,
): boolean {
  const callee = unwrap(node.callee);
  if (node.type === "NewExpression") {
    return callee.type === "Identifier" && callee.name === "Date";
  }
  return isMemberOf(callee, "Date", "now") ||
    isMemberOf(callee, "performance", "now") ||
    isMemberOf(callee, "process", /^(?:hrtime|uptime)$/) ||
    getMdcCall(context, node) === "currentTime";
}

/** A function of this file without arguments that only returns such state. */
function lookAtCall(
  context: RuleContext,
  loop: ES.Node,
  node: ES.CallExpression | ES.NewExpression,
  seen: ReadonlySet<FunctionNode>,
): Look {
  if (node.type === "NewExpression" || node.arguments.length > 0) return WORK;
  const target = getLocalCallee(context, node.callee);
  if (!target || target.async || target.generator || seen.has(target)) {
    return WORK;
  }
  const result = getOnlyExpression(target);
  if (!result) return WORK;
  const found = look(context, loop, result, new Set([...seen, target]));
  return found.state ? { ...found, state: node } : found;
}
