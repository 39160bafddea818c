/** Functions that run when a signal is aborted. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import type { FunctionNode } from "../../syntax/nodes.ts";
import type { RuleContext } from "../../host/rule.ts";
import { getRegistration, getRemoval, type Registration } from "./listeners.ts";
import { getFunctionUses } from "../names/variables.ts";

/**
 * The registration whose handler the function is, inline or by name. Undefined
 * for a function that something else may call: then nothing says that a signal
 * was aborted.
 */
export function getHandledAbort(
  context: RuleContext,
  handler: FunctionNode,
): Registration | undefined {
  let found: Registration | undefined;
  for (const use of getFunctionUses(context, handler)) {
    const node = use.parent;
    if (
      node?.type !== "CallExpression" && node?.type !== "AssignmentExpression"
    ) {
      if (isDeclaration(node)) continue;
      return undefined;
    }
    // `if (signal.aborted) onAbort();` before the registration.
    if (node.type === "CallExpression" && node.callee === use) continue;
    if (getRemoval(context, node)) continue;
    const registration = getRegistration(context, node);
    if (registration?.handler !== use) return undefined;
    found ??= registration;
  }
  return found;
}

/** `const onAbort = () => {}` counts as a use of its name. */
function isDeclaration(node: ES.Node | undefined): boolean {
  return node?.type === "VariableDeclarator";
}
