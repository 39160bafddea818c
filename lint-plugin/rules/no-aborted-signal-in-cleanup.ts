import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getMethodCall } from "../syntax/nodes.ts";
import { someInFlow } from "../syntax/walk.ts";
import type { Edit, Rule, RuleContext, Suggestion } from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import { removeArgument, removeProperty } from "../edits/arguments.ts";
import { review } from "../edits/risk.ts";
import { getRegions } from "../analyses/cleanup/regions.ts";
import {
  type Doubtful,
  findDoubtful,
  isDoubtfulPoint,
  isInDoubt,
  isInShield,
} from "../analyses/cleanup/doubt.ts";
import { getReplacement } from "../semantics/signals/given.ts";
import { getMdcReference } from "../edits/imports.ts";
import { isSignal } from "../semantics/signals/signal.ts";

const rule: Rule = defineRule("no-aborted-signal-in-cleanup", {
  tier: 2,
  description: "disallow cleanup under a signal that may be aborted already",
  defaults: {},
  messages: {
    aborted: "`{{signal}}` may be aborted already: then this call fails at " +
      "once, and the cleanup does not happen.",
    implicit: "When the task is cancelled, this throws at once, and the rest " +
      "of the cleanup does not happen.",
    skipped:
      "When `{{signal}}` is aborted, this skips the rest of the cleanup.",
  },
  suggestions: {
    shield: "Shield the call from the cancellation with `{{name}}()`.",
    timeout: "Give it a few seconds of its own with `AbortSignal.timeout()`.",
    remove: "Give it no signal.",
  },
  needs: /\b(?:finally|catch|defer|asyncDispose|abort|aborted)\b/,
  create(context) {
    return {
      CallExpression(call: ES.CallExpression) {
        const doubtful = findDoubtful(context, call);
        if (doubtful) {
          const signal = context.sourceCode.getText(doubtful.signal);
          context.report({
            node: doubtful.property ?? doubtful.value,
            messageId: "aborted",
            data: { signal },
            suggest: getSuggestions(context, call, doubtful),
          });
        } else if (isDoubtfulPoint(context, call)) {
          context.report({
            node: call,
            messageId: "implicit",
            suggest: suggestShield(context, call),
          });
        }
      },
      ExpressionStatement(statement: ES.ExpressionStatement) {
        const check = getMethodCall(statement.expression);
        if (check?.name !== "throwIfAborted") return;
        const { object, call } = check;
        if (!isSignal(context, object) || isLast(statement)) return;
        if (!skipsCleanup(context, call, object)) return;
        const signal = context.sourceCode.getText(object);
        context.report({ node: call, messageId: "skipped", data: { signal } });
      },
    };
  },
});

export default rule;

function isLast(statement: ES.Statement): boolean {
  const { parent } = statement;
  return parent?.type !== "BlockStatement" || parent.body.at(-1) === statement;
}

/** Whether the check stands in a `finally`, and its signal may be aborted. */
function skipsCleanup(
  context: RuleContext,
  call: ES.CallExpression,
  signal: ES.Node,
): boolean {
  return getRegions(context, call, { waiting: true }).some((region) =>
    region.node.type === "BlockStatement" && region.kind === "cleanup" &&
    isInDoubt(context, signal, region, call)
  );
}

function getSuggestions(
  context: RuleContext,
  call: ES.CallExpression,
  given: Doubtful,
): Suggestion[] {
  const timeout = getReplacement(context, given, "AbortSignal.timeout(5000)");
  const removal = given.property
    ? removeProperty(context, call, given.property)
    : removeArgument(context, call, given.value);
  return [
    ...suggestShield(context, call, removal),
    {
      messageId: "timeout",
      ...review("five seconds may be too few"),
      fix: (fixer) => fixer.replaceText(timeout.node, timeout.text),
    },
    {
      messageId: "remove",
      ...review("nothing bounds the call then"),
      fix: (fixer) => fixer.replaceTextRange(removal.range, removal.text),
    },
  ];
}

function suggestShield(
  context: RuleContext,
  call: ES.CallExpression,
  removal?: Edit,
): Suggestion[] {
  const reference = getMdcReference(context, "shield", call);
  if (!reference || isInShield(context, call) || suspends(context, call)) {
    return [];
  }
  const start = call.range[0];
  const text = context.sourceCode.getText(call);
  const rest = removal
    ? text.slice(0, removal.range[0] - start) + removal.text +
      text.slice(removal.range[1] - start)
    : text;
  return [{
    messageId: "shield",
    data: { name: reference.text },
    ...review("what has no bound of its own gets the shield's"),
    fix: (fixer) => [
      ...reference.addImport(fixer),
      fixer.replaceText(call, `${reference.text}(() => ${rest})`),
    ],
  }];
}

/** An `await` can't move into another function. */
function suspends(context: RuleContext, call: ES.CallExpression): boolean {
  return someInFlow(
    context,
    call,
    (node) =>
      node.type === "AwaitExpression" || node.type === "YieldExpression",
  );
}
