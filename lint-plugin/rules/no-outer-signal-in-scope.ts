import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getOuterSignals,
  type GivenInScope,
} from "../analyses/outer_signal.ts";
import { review, safe } from "../edits/risk.ts";
import { defineRule } from "../host/define_rule.ts";
import type { Rule, RuleContext, Suggestion } from "../host/rule.ts";
import { importsMdc } from "../semantics/tasks/calls.ts";
import { getReplacement } from "../semantics/signals/given.ts";
import { lookUp } from "../semantics/names/variables.ts";
import { unwrap } from "../syntax/nodes.ts";

const rule: Rule = defineRule("no-outer-signal-in-scope", {
  tier: 2,
  description: "disallow an outer signal for work inside of a scope that has " +
    "one of its own",
  defaults: {},
  messages: {
    outer: "`{{signal}}` is from outside of `{{call}}()`: when that ends its " +
      "body, this call goes on, and `{{call}}()` waits for it.",
  },
  suggestions: {
    own: "Use the signal that the body of `{{call}}()` is given.",
  },
  needs: /signal/i,
  create(context) {
    return {
      CallExpression(call: ES.CallExpression) {
        if (!importsMdc(context, call)) return;
        for (const given of getOuterSignals(context, call)) {
          context.report({
            node: given.signal.property ?? given.signal.value,
            messageId: "outer",
            data: {
              signal: context.sourceCode.getText(given.signal.value),
              call: given.name,
            },
            suggest: suggestOwn(context, given),
          });
        }
      },
    };
  },
});

export default rule;

/** The body's own parameter, which it may have to be given first. */
function suggestOwn(
  context: RuleContext,
  given: GivenInScope,
): Suggestion[] {
  const { body, index, name, signal } = given;
  const verdict = given.isInherited
    ? safe("the scope's signal is aborted whenever the outer one is")
    : review("the outer signal has to end the scope, too: as its `signal`");
  const make = (fix: Suggestion["fix"]): Suggestion[] => [
    { messageId: "own", data: { call: name }, ...verdict, fix },
  ];
  const parameter: ES.Node | undefined = body.params[index];
  if (parameter?.type === "Identifier") {
    if (
      lookUp(context, parameter.name, signal.value)?.defs[0]?.name !==
        parameter
    ) return [];
    const { node, text } = getReplacement(
      context,
      signal,
      `${parameter.name}.signal`,
    );
    return make((fixer) => fixer.replaceText(node, text));
  }
  const value = unwrap(signal.value);
  if (
    parameter || body.params.length !== index ||
    body.type !== "ArrowFunctionExpression" || value.type !== "Identifier"
  ) return [];
  // With the outer one's name: all that the body does is then the scope's.
  const binding = value.name === "signal"
    ? "{ signal }"
    : `{ signal: ${value.name} }`;
  const last: ES.Node | undefined = body.params.at(-1);
  if (last) return make((fixer) => fixer.insertTextAfter(last, `, ${binding}`));
  const header = context.sourceCode.getText(body);
  const open = body.range[0] + header.indexOf("(") + 1;
  return make((fixer) => fixer.insertTextAfterRange([open, open], binding));
}
