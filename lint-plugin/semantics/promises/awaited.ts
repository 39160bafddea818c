/** Calls whose end the code around them waits for. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getLastName, isFunction, outermost } from "../../syntax/nodes.ts";
import type { RuleContext } from "../../host/rule.ts";
import { isPromiseCombinator } from "./known.ts";
import { LINK } from "../../vocabulary/names.ts";

/**
 * Whether the call is awaited, returned or iterated with `for await`: itself, a
 * chain on it, or a `Promise` combinator that contains it.
 */
export function isWaitedFor(context: RuleContext, call: ES.Node): boolean {
  let node = outermost(call);
  for (;;) {
    const { parent } = node;
    switch (parent?.type) {
      case "AwaitExpression":
      case "ReturnStatement":
        return true;
      case "ArrowFunctionExpression":
        return parent.body === node;
      case "ForOfStatement":
        return parent.await && parent.right === node;
      case "ConditionalExpression":
        if (parent.test === node) return false;
        node = outermost(parent);
        break;
      case "LogicalExpression":
        node = outermost(parent);
        break;
      case "MemberExpression": {
        const link = outermost(parent);
        const isLink = parent.object === node &&
          link.parent?.type === "CallExpression" &&
          link.parent.callee === link &&
          LINK.test(getLastName(parent) ?? "");
        if (!isLink) return false;
        node = outermost(link.parent as ES.Node);
        break;
      }
      case "ArrayExpression": {
        const combinator = parent.parent;
        if (
          combinator.type !== "CallExpression" ||
          !isPromiseCombinator(context, combinator)
        ) return false;
        node = outermost(combinator);
        break;
      }
      default:
        return false;
    }
    if (isFunction(node)) return false;
  }
}
