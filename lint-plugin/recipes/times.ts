/** Times, of which timers take negative ones and `@mdc/tasks` doesn't. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { isMemberOf, unwrap } from "../syntax/nodes.ts";
import { someInFlow } from "../syntax/walk.ts";
import type { RuleContext } from "../host/rule.ts";
import { lookThrough } from "../semantics/names/variables.ts";
import type { Draft } from "./draft.ts";

/** Whether something is taken away from it: `deadline - Date.now()`. */
export function mayBeNegative(context: RuleContext, time: ES.Node): boolean {
  return someInFlow(context, lookThrough(context, time), (each) => {
    const call = unwrap(each);
    if (
      call.type === "CallExpression" && isMemberOf(call.callee, "Math", "max")
    ) return "skip";
    return each.type === "BinaryExpression" && each.operator === "-" ||
      each.type === "UnaryExpression" && each.operator === "-";
  });
}

/** The time as it is, but never negative. */
export function writeTime(
  context: RuleContext,
  draft: Draft,
  time: ES.Node,
): string {
  const text = draft.keep(time);
  return mayBeNegative(context, time) ? `Math.max(0, ${text})` : text;
}
