/** Where an `await` can be written. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { isFunction } from "../_ast.ts";

/** Whether `await` is allowed at the node: async function or module level. */
export function canAwait(node: ES.Node): boolean {
  let inner = node;
  let outer = node.parent;
  while (outer) {
    if (isFunction(outer)) {
      return outer.async && !(outer.params as ES.Node[]).includes(inner);
    }
    if (outer.type === "PropertyDefinition" && outer.value === inner) {
      return false;
    }
    if (outer.type === "StaticBlock") return false;
    inner = outer;
    outer = outer.parent;
  }
  return (inner as ES.Program).sourceType === "module";
}
