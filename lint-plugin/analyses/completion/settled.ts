/** Whether code tells the waiters of a subject that it is over. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { type FunctionNode, type Maybe, unwrap } from "../../syntax/nodes.ts";
import { some } from "../../syntax/walk.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getFunction } from "../../semantics/names/variables.ts";
import { isHandingOn, isSettling } from "./calls.ts";

/** Whether every way through the statement tells the waiters. */
export function alwaysSettles(
  context: RuleContext,
  statement: Maybe<ES.Node>,
  key: string,
): boolean {
  switch (statement?.type) {
    case "BlockStatement":
      return statement.body.some((each) => alwaysSettles(context, each, key));
    case "ExpressionStatement":
      return settles(context, statement.expression, key);
    case "ReturnStatement":
    case "ThrowStatement":
      return settles(context, statement.argument, key);
    case "VariableDeclaration":
      return statement.declarations.some((each) =>
        settles(context, each.init, key)
      );
    case "IfStatement":
      return alwaysSettles(context, statement.consequent, key) &&
        alwaysSettles(context, statement.alternate, key);
    case "TryStatement":
      return alwaysSettles(context, statement.finalizer, key) ||
        alwaysSettles(context, statement.block, key) &&
          (!statement.handler ||
            alwaysSettles(context, statement.handler.body, key));
    default:
      return false;
  }
}

function settles(
  context: RuleContext,
  expression: Maybe<ES.Node>,
  key: string,
): boolean {
  const node = unwrap(expression);
  if (node?.type === "AwaitExpression") {
    return settles(context, node.argument, key);
  }
  return node?.type === "CallExpression" && isSettling(context, node, key);
}

/** Whether the code has a settling call, itself or in a function it calls. */
export function mentionsSettling(
  context: RuleContext,
  node: ES.Node,
  key: string,
): boolean {
  return some(context, node, (each) => {
    if (isSettling(context, each, key)) return true;
    if (isHandingOn(context, each, key)) return true;
    if (each.type !== "CallExpression") return undefined;
    const helper = getFunction(context, each.callee);
    return helper && some(
      context,
      helper.body,
      (inner) => isSettling(context, inner, key),
    );
  });
}

/** `p.then(home).catch((e) => x.reject(e))`. */
export function isCoveredByChain(
  context: RuleContext,
  home: FunctionNode,
  key: string,
): boolean {
  let link: Maybe<ES.Node> = home.parent;
  while (link?.type === "CallExpression") {
    const member: Maybe<ES.Node> = link.parent;
    if (member?.type !== "MemberExpression" || member.object !== link) {
      return false;
    }
    link = member.parent;
    if (
      link?.type === "CallExpression" &&
      link.arguments.some((each) =>
        mentionsSettling(context, getFunction(context, each)?.body ?? each, key)
      )
    ) return true;
  }
  return false;
}
