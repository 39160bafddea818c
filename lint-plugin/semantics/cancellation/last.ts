/** Handlers after which nothing goes on in their function. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getEnclosingFunction,
  getLastName,
  isFunctionExpression,
  isLoop,
  outermost,
} from "../../syntax/nodes.ts";
import { someInFlow } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import { LISTENS, TIMERS } from "../../vocabulary/names.ts";
import type { Flow } from "./flow.ts";

/**
 * What is left of the flow without the ways by which a function that gives no
 * value ends: there, no code takes the cancellation for a success.
 */
export function withoutEnds(
  context: RuleContext,
  flow: Flow,
  statement: ES.Node,
): Flow {
  const owner = getEnclosingFunction(statement);
  if (!owner || !isProcedure(context, owner)) return flow;
  return {
    falls: flow.falls && !isLast(statement, owner),
    exits: flow.exits.filter((exit) => exit.type !== "ReturnStatement"),
  };
}

/** Whether the function gives no value, and its callers are out of sight. */
function isProcedure(context: RuleContext, owner: FunctionNode): boolean {
  if (owner.generator || owner.body?.type !== "BlockStatement") return false;
  if (isFunctionExpression(owner) && isSeen(owner)) return false;
  return !someInFlow(
    context,
    owner.body,
    (node) =>
      node.type === "ReturnStatement" && node.argument !== null || undefined,
  );
}

/** A callback, or a function that is called on the spot: there code goes on. */
function isSeen(owner: FunctionNode): boolean {
  const outer = outermost(owner);
  const { parent } = outer;
  if (parent?.type !== "CallExpression") return false;
  if (parent.callee === outer) {
    return outermost(parent).parent?.type !== "ExpressionStatement";
  }
  const name = getLastName(parent.callee) ?? "";
  return !TIMERS.test(name) && !LISTENS.test(name);
}

/** Whether the statement is the last that its function runs. */
function isLast(statement: ES.Node, owner: FunctionNode): boolean {
  let node = statement;
  while (node !== owner.body) {
    const { parent } = node;
    if (!parent || isLoop(parent)) return false;
    if (parent.type === "BlockStatement") {
      const after = parent.body.slice(
        (parent.body as ES.Node[]).indexOf(node) + 1,
      );
      if (after.some((each) => each.type !== "FunctionDeclaration")) {
        return false;
      }
    } else if (parent.type === "SwitchCase") {
      const [next] = parent.consequent.slice(
        (parent.consequent as ES.Node[]).indexOf(node) + 1,
      );
      if (next && next.type !== "BreakStatement") return false;
    }
    node = parent;
  }
  return true;
}
