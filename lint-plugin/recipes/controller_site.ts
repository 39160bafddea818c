/** Where a controller is used, and what the ways of writing it share. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { isFunction, isLoop } from "../syntax/nodes.ts";
import { someInFlow } from "../syntax/walk.ts";
import type { RuleContext } from "../host/rule.ts";
import type { Draft } from "./draft.ts";
import type { LinkedController } from "./linked_controller.ts";

/** What is rewritten: the controller, and the statements that stay. */
export interface Site {
  readonly controller: LinkedController;
  readonly rest: readonly ES.Statement[];
}

/** Removes the controller and what served it. */
export function removeService(
  draft: Draft,
  { declaration, service }: LinkedController,
): void {
  draft.removeStatement(declaration);
  const whole = [...service];
  for (const each of whole) {
    const isInside = whole.some((other) =>
      other !== each && other.range[0] <= each.range[0] &&
      each.range[1] <= other.range[1]
    );
    if (!isInside) draft.removeStatement(each);
  }
}

/** The signal as an option, or nothing. */
export function optionOf(draft: Draft, { parent }: LinkedController): string {
  if (!parent) return "";
  const text = draft.keep(parent);
  return text === "signal" ? "{ signal }" : `{ signal: ${text} }`;
}

/** What became of an edit: it is in the draft, or can't be made. */
export type Outcome = "written" | { readonly because: string };

/** Whether the node lies in the other one. */
export function isWithin(
  node: ES.Node,
  outer: ES.Node | null | undefined,
): boolean {
  return !!outer && outer.range[0] <= node.range[0] &&
    node.range[1] <= outer.range[1];
}

/** Whether the statement can't stand in a function of its own. */
export function jumpsOut(context: RuleContext, body: ES.Node): boolean {
  return someInFlow(context, body, (each) => {
    if (each.type === "YieldExpression") return true;
    if (each.type === "Identifier" && each.name === "arguments") return true;
    if (each.type !== "BreakStatement" && each.type !== "ContinueStatement") {
      return undefined;
    }
    return each.label !== null || !hasLoop(each, body);
  });
}

function hasLoop(node: ES.Node, body: ES.Node): boolean {
  let each: ES.Node | undefined = node.parent;
  while (each && each !== body.parent && !isFunction(each)) {
    if (isLoop(each)) return true;
    if (each.type === "SwitchStatement" && node.type === "BreakStatement") {
      return true;
    }
    each = each.parent;
  }
  return false;
}
