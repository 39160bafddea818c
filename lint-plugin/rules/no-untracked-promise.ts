import type { TSESTree as ES } from "@typescript-eslint/utils";
import type { Fixer, Rule, RuleContext, Suggestion } from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import { judgeAwait } from "../edits/await_risk.ts";
import { getHandlerEdit } from "../edits/rejection_handler.ts";
import { review } from "../edits/risk.ts";
import { canAwait } from "../syntax/await.ts";
import { visitDropped } from "../semantics/promises/dropped.ts";
import { isHandled, isSelfHandled } from "../semantics/promises/handled.ts";
import { getMdcCall } from "../semantics/tasks/calls.ts";
import { findOwner } from "../semantics/tasks/owners.ts";
import {
  describeCall,
  getKnownPromise,
  type KnownPromise,
} from "../semantics/promises/known.ts";
import { getCatchClauses } from "../syntax/try.ts";

interface Options {
  allowVoid: boolean;
  reportSelfHandled: boolean;
}

const rule: Rule = defineRule<Options>(
  "no-untracked-promise",
  {
    tier: 1,
    description: "disallow promises that are created and dropped",
    options: {
      allowVoid: {
        type: "boolean",
        description: "Accept `void promise` as a way to say it is on purpose.",
      },
      reportSelfHandled: {
        type: "boolean",
        description:
          "Report calls of functions whose whole body is a `try` that does not throw, too.",
      },
    },
    defaults: { allowVoid: true, reportSelfHandled: false },
    messages: {
      dropped:
        "The promise of `{{call}}` is dropped: nobody waits for it or sees it fail.",
      unread:
        "The promise of `{{call}}` ends in `{{name}}`, which is never read: nobody waits for it or sees it fail.",
      voided:
        "`void` only hides the promise of `{{call}}`: nobody waits for it or sees it fail.",
    },
    suggestions: {
      await: "Wait for it with `await`.",
      own: "Give it to `{{owner}}`, which waits for it.",
      catch: "Append a rejection handler.",
    },
    create(context, { allowVoid, reportSelfHandled }) {
      return visitDropped(context, { allowVoid }, (expression, loss) => {
        const promise = getKnownPromise(context, expression);
        if (!promise || isHandled(promise.node)) return;
        const isQuiet = isSelfHandled(context, promise.producer);
        if (isQuiet && !reportSelfHandled) return;
        // There `no-unawaited-promise-in-try` reports it.
        const isCaught = getCatchClauses(promise.node).length > 0;
        if (isCaught && !isQuiet && loss.kind !== "voided") return;
        const { kind, ...data } = loss;
        context.report({
          node: promise.node,
          messageId: kind,
          data: { call: describeCall(context, promise.node), ...data },
          suggest: getSuggestions(context, promise),
        });
      });
    },
  },
);

export default rule;

/** An owner, a handler, waiting: the first that fits comes first. */
function getSuggestions(
  context: RuleContext,
  promise: KnownPromise,
): Suggestion[] {
  const { node, isArray } = promise;
  const text = context.sourceCode.getText(node);
  const whole = isArray ? `Promise.all(${text})` : text;
  const replace = (output: string) => (fixer: Fixer) =>
    fixer.replaceText(node, output);
  const suggestions: Suggestion[] = [];
  const owner = findOwner(context, node);
  const isTask = getMdcCall(context, node) === "createTask";
  if (owner && (isTask || owner.kind === "tracker")) {
    const output = isTask
      ? `${owner.name}.spawn(${getArguments(context, node)})`
      : `${owner.name}.add(${whole})`;
    suggestions.push({
      messageId: "own",
      data: { owner: owner.name },
      ...review(`\`${owner.name}\` then waits for it, or cancels it`),
      fix: replace(output),
    });
  }
  const handler = getHandlerEdit(context, promise, whole);
  suggestions.push({
    messageId: "catch",
    ...handler.verdict,
    fix: replace(handler.output),
  });
  if (canAwait(node)) {
    const verdict = judgeAwait(context, promise);
    const wait: Suggestion = {
      messageId: "await",
      ...verdict,
      fix: replace(`await ${whole}`),
    };
    if (verdict.risk === "safe") suggestions.unshift(wait);
    else if (!handler.exists) suggestions.splice(-1, 0, wait);
    else suggestions.push(wait);
  }
  return suggestions;
}

function getArguments(
  context: RuleContext,
  node: ES.CallExpression | ES.NewExpression,
): string {
  return node.arguments.map((each) => context.sourceCode.getText(each))
    .join(", ");
}
