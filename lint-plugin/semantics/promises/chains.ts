/** Promise chains: `receiver.catch(handler)`, `receiver.then(value, handler)`. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getLastName,
  getMethodCall,
  isNullish,
  unwrap,
} from "../../syntax/nodes.ts";
import { LINK, LOGGER } from "../../vocabulary/names.ts";

/** A link of a chain that gets the rejections of what stands before it. */
export interface RejectionHandler {
  readonly receiver: ES.Expression;
  readonly handler: ES.Node;
}

/** The rejection handler that the call attaches. */
export function getRejectionHandler(
  call: ES.CallExpression,
): RejectionHandler | undefined {
  const method = getMethodCall(call);
  const index = method?.name === "catch" ? 0 : method?.name === "then" ? 1 : -1;
  const handler = call.arguments[index];
  return method && handler && !isNullish(handler)
    ? { receiver: method.object, handler }
    : undefined;
}

/** Whether the chain's value is awaited, returned or assigned. */
export function isUsedChain(call: ES.CallExpression): boolean {
  let node: ES.Node = call;
  for (;;) {
    const parent: ES.Node | undefined = node.parent;
    switch (parent?.type) {
      case "AwaitExpression":
      case "ReturnStatement":
        return true;
      case "ArrowFunctionExpression":
        return parent.body === node;
      case "VariableDeclarator":
        return parent.init === node;
      case "AssignmentExpression":
        return parent.right === node;
      case "LogicalExpression":
      case "ConditionalExpression":
      case "ChainExpression":
      case "TSAsExpression":
      case "TSNonNullExpression":
      case "TSSatisfiesExpression":
        node = parent;
        break;
      case "MemberExpression": {
        const next: ES.Node | undefined = parent.parent;
        const isLink = next?.type === "CallExpression" &&
          next.callee === parent && LINK.test(
            getLastName(parent) ?? "",
          );
        if (!isLink) return false;
        node = next;
        break;
      }
      default:
        return false;
    }
  }
}

/** `console.error` and the like as a handler. */
export function isLogger(handler: ES.Node): boolean {
  const node = unwrap(handler);
  return node.type === "MemberExpression" &&
    LOGGER.test(getLastName(node.object) ?? "");
}
