/** Where an `await` can be written, and whether there is one. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getProgram, isFunction, type Maybe } from "./nodes.ts";
import { someInFlow } from "./walk.ts";
import type { RuleContext } from "../host/rule.ts";

/** Whether `await` is allowed at the node: async function or module level. */
export function canAwait(node: ES.Node): boolean {
  return allowsAwait(node) ?? getProgram(node).sourceType === "module";
}

/**
 * Whether the code around the node allows `await` there; undefined at the top
 * level, where it depends on the kind of the file.
 */
export function allowsAwait(node: ES.Node): boolean | undefined {
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
  return undefined;
}

/** Whether the node waits somewhere in its own flow. */
export function hasAwait(context: RuleContext, node: Maybe<ES.Node>): boolean {
  return someInFlow(
    context,
    node,
    (each) =>
      each.type === "AwaitExpression" ||
      each.type === "ForOfStatement" && each.await,
  );
}
