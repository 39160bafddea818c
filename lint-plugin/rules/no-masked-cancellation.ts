import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getLastName, unwrap } from "../syntax/nodes.ts";
import type { Rule, RuleContext, Suggestion } from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import { review } from "../edits/risk.ts";
import { getMaskings, hasMeaning, type Masking } from "../analyses/masking.ts";

const rule: Rule = defineRule("no-masked-cancellation", {
  tier: 2,
  description: "disallow other errors in place of a caller's cancellation",
  defaults: {},
  messages: {
    masked: "When `{{signal}}` is aborted, its cancellation leaves here as " +
      "another error, and callers take it for a failure.",
    maskedError: "A cancellation leaves here as another error, and callers " +
      "take it for a failure.",
  },
  suggestions: {
    throwIfAborted: "Throw the reason of `{{signal}}`.",
    addCause: "Keep the class, and say with `cause` that it was cancelled.",
    handOn: "Hand `{{value}}` on instead.",
  },
  needs: /abort|cancel/i,
  create(context) {
    return {
      ThrowStatement(node: ES.ThrowStatement) {
        for (const masking of getMaskings(context, node.argument)) {
          const { signal, error } = masking.place;
          if (hasMeaning(masking.node)) {
            report(context, masking, addCause(context, masking));
            continue;
          }
          report(context, masking, [
            ...handOn(masking, error),
            ...(signal && masking.node === unwrap(node.argument)
              ? throwIfAborted(context, node, signal)
              : handOn(masking, getReason(context, signal))),
          ]);
        }
      },
      CallExpression(node: ES.CallExpression) {
        const [given] = node.arguments;
        if (!given || getLastName(node.callee) !== "reject") return;
        for (const masking of getMaskings(context, given)) {
          const { signal, error } = masking.place;
          if (hasMeaning(masking.node)) {
            report(context, masking, addCause(context, masking));
            continue;
          }
          report(context, masking, [
            ...handOn(masking, error),
            ...handOn(masking, getReason(context, signal)),
          ]);
        }
      },
    };
  },
});

export default rule;

const MEANING = "whoever catches the error may go by its class or message";

function report(
  context: RuleContext,
  { node, place: { signal } }: Masking,
  suggest: Suggestion[],
): void {
  context.report({
    node,
    ...(signal
      ? {
        messageId: "masked",
        data: { signal: context.sourceCode.getText(signal) },
      }
      : { messageId: "maskedError" }),
    suggest,
  });
}

function getReason(
  context: RuleContext,
  signal: ES.Node | undefined,
): string | undefined {
  return signal ? `${context.sourceCode.getText(signal)}.reason` : undefined;
}

function handOn(
  { node }: Masking,
  value: string | undefined,
): Suggestion[] {
  return value === undefined ? [] : [{
    messageId: "handOn",
    data: { value },
    ...review(MEANING),
    fix: (fixer) => fixer.replaceText(node, value),
  }];
}

/** A class with a meaning stays: whoever catches it asks for the class. */
function addCause(
  context: RuleContext,
  { node, place: { signal, error } }: Masking,
): Suggestion[] {
  const value = error ?? getReason(context, signal);
  if (!hasMeaning(node) || value === undefined) return [];
  const [message, more] = node.arguments;
  if (!message || more) return [];
  return [{
    messageId: "addCause",
    ...review("the constructor has to take `cause`, and callers to look at it"),
    fix: (fixer) => fixer.insertTextAfter(message, `, { cause: ${value} }`),
  }];
}

function throwIfAborted(
  context: RuleContext,
  statement: ES.ThrowStatement,
  signal: ES.Node,
): Suggestion[] {
  const text = context.sourceCode.getText(signal);
  return [{
    messageId: "throwIfAborted",
    data: { signal: text },
    ...review(MEANING),
    fix: (fixer) => fixer.replaceText(statement, `${text}.throwIfAborted();`),
  }];
}
