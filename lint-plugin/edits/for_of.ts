/** `xs.forEach(…)` written as a loop. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getMethodCall,
  isFunctionExpression,
  unwrap,
} from "../syntax/nodes.ts";
import { someInFlow } from "../syntax/walk.ts";
import type { RuleContext } from "../host/rule.ts";
import { canAwait } from "../syntax/await.ts";

/** `xs.forEach(async (x) => …)` as a loop, where that means the same. */
export function getLoop(
  context: RuleContext,
  call: ES.CallExpression,
): string | undefined {
  const callback = unwrap(call.arguments[0]);
  const list = getMethodCall(call)?.object;
  if (
    !list || !isFunctionExpression(callback) || call.arguments.length !== 1 ||
    call.parent?.type === "ChainExpression" || !canAwait(call) ||
    hasReturn(context, callback)
  ) return undefined;
  const text = (node: ES.Node) => context.sourceCode.getText(node);
  const [item, index, ...more] = callback.params;
  if (!item || more.length > 0) return undefined;
  const head = index
    ? `const [${text(index)}, ${text(item)}] of ${text(list)}.entries()`
    : `const ${text(item)} of ${text(list)}`;
  const { body } = callback;
  const block = body.type === "BlockStatement"
    ? text(body)
    : `{ ${body.type === "AwaitExpression" ? "" : "await "}${text(body)}; }`;
  return `for (${head}) ${block}`;
}

function hasReturn(context: RuleContext, callback: FunctionNode): boolean {
  return someInFlow(
    context,
    callback.body,
    (each) => each.type === "ReturnStatement",
  );
}
