import type { TSESTree as ES } from "@typescript-eslint/utils";
import { outermost, unwrap } from "../syntax/nodes.ts";
import type { Rule, RuleContext, Suggestion } from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import { review } from "../edits/risk.ts";
import {
  getCaller,
  getHandedSignal,
} from "../analyses/promise_array/handed.ts";
import { canFailAlone } from "../analyses/promise_array/alone.ts";
import { getMdcCall } from "../semantics/tasks/calls.ts";
import { getMdcReference } from "../edits/imports.ts";
import { getTaskBody } from "../semantics/tasks/bodies.ts";
import {
  type Callback,
  getCallback,
  getResults,
  startsWork,
} from "../analyses/promise_array/elements.ts";
import { isPromiseCombinator } from "../semantics/promises/known.ts";
import { getReads, getVariable } from "../semantics/names/variables.ts";
import { findCallersSignal } from "../semantics/signals/callers.ts";

const rule: Rule = defineRule("no-unscoped-promise-array", {
  tier: 3,
  description: "disallow `Promise.all` of work that goes on when one element " +
    "fails",
  defaults: {},
  messages: {
    unscoped: "When one element fails, the others go on for nobody: they " +
      "listen to `{{signal}}` only. Give them a signal of their own that a " +
      "failure aborts, or use `map()` of `@mdc/tasks`.",
    unscopedInTask: "When one element fails, the others go on for nobody: " +
      "they end only with the task around them. Use `map()` or `all()` of " +
      "`@mdc/tasks`.",
  },
  suggestions: {
    all: "Use `{{all}}()`, which cancels the other tasks.",
  },
  needs: /\bPromise\s*\.\s*all\b/,
  create(context) {
    return {
      CallExpression(call: ES.CallExpression) {
        if (!isPromiseCombinator(context, call, /^all$/)) return;
        if (!isKept(call) || isSettledLater(context, call)) return;
        const callback = getCallback(context, call);
        if (!callback || !startsWork(context, callback)) return;
        const found = findCallersSignal(context, call);
        const isTask = getTaskBody(context, call) !== undefined;
        if (!found && !isTask) return;
        const caller = getCaller(context, found, call, isTask);
        if (getHandedSignal(context, callback, caller) !== "callers") return;
        if (!canFailAlone(context, callback)) return;
        context.report({
          node: call,
          messageId: found ? "unscoped" : "unscopedInTask",
          ...(found && { data: { signal: found.text } }),
          suggest: suggestAll(context, call, callback),
        });
      },
    };
  },
});

export default rule;

/** Awaited, returned or kept in a variable. */
function isKept(call: ES.CallExpression): boolean {
  const outer = outermost(call);
  const parent = outer.parent;
  switch (parent?.type) {
    case "AwaitExpression":
    case "ReturnStatement":
      return true;
    case "ArrowFunctionExpression":
      return parent.body === outer;
    case "VariableDeclarator":
      return parent.id.type === "Identifier";
    case "AssignmentExpression":
      return parent.left.type === "Identifier";
    default:
      return false;
  }
}

/** `Promise.allSettled(xs)` of the same variable waits for the others. */
function isSettledLater(
  context: RuleContext,
  call: ES.CallExpression,
): boolean {
  const list = unwrap(call.arguments[0]);
  const variable = list?.type === "Identifier" && getVariable(context, list);
  return !!variable &&
    getReads(variable).some(({ parent }) =>
      parent?.type === "CallExpression" &&
      isPromiseCombinator(context, parent, /^allSettled$/)
    );
}

function suggestAll(
  context: RuleContext,
  call: ES.CallExpression,
  callback: Callback,
): Suggestion[] {
  const results = getResults(context, callback);
  const areTasks = results.length > 0 &&
    results.every((each) => getMdcCall(context, each) === "createTask");
  const all = areTasks ? getMdcReference(context, "all", call) : undefined;
  return all
    ? [{
      messageId: "all",
      data: { all: all.text },
      ...review("after a failure it cancels the others and waits for them"),
      fix: (fixer) => [
        ...all.addImport(fixer),
        fixer.replaceText(call.callee, all.text),
      ],
    }]
    : [];
}
