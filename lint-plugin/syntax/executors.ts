/** Executors of `new Promise`. */
import { type FunctionNode, outermost } from "./nodes.ts";

/** Whether the function is the executor of `new Promise(…)`. */
export function isExecutor(node: FunctionNode): boolean {
  const outer = outermost(node);
  const parent = outer.parent;
  return parent?.type === "NewExpression" && parent.arguments[0] === outer &&
    parent.callee.type === "Identifier" && parent.callee.name === "Promise";
}
