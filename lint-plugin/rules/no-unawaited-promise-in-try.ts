import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getEnclosingFunction, outermost } from "../syntax/nodes.ts";
import type {
  Rule,
  RuleContext,
  Suggestion,
  Verdict,
  Visitor,
} from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import { judgeAwait, judgeReturnAwait } from "../edits/await_risk.ts";
import { canAwait } from "../syntax/await.ts";
import {
  getValueArms,
  isWaived,
  visitDropped,
} from "../semantics/promises/dropped.ts";
import {
  isHandled,
  isSelfHandled,
  neverRejects,
} from "../semantics/promises/handled.ts";
import {
  describeCall,
  getKnownPromise,
  type KnownPromise,
} from "../semantics/promises/known.ts";
import {
  getReturnedPromise,
  isExempt,
  isOnlyForPromises,
} from "../analyses/returned.ts";
import { getCatchClauses, onlyRethrows, runsFinally } from "../syntax/try.ts";

interface Options {
  allowVoid: boolean;
}

const rule: Rule = defineRule<Options>("no-unawaited-promise-in-try", {
  tier: 2,
  description: "disallow promises in a try that nobody awaits there",
  options: {
    allowVoid: {
      type: "boolean",
      description: "Accept `void promise` as a way to say it is on purpose.",
    },
  },
  defaults: { allowVoid: true },
  messages: {
    dropped:
      "The promise of `{{call}}` is dropped: the catch around it never " +
      "sees it fail.",
    unread: "The promise of `{{call}}` ends in `{{name}}`, which is never " +
      "read: the catch around it never sees it fail.",
    voided:
      "`void` only hides the promise of `{{call}}`: the catch around it " +
      "never sees it fail.",
    returned: "The promise of `{{call}}` is returned without `await`: the " +
      "catch around it never sees it fail.",
    early: "The promise of `{{call}}` is returned without `await`: the " +
      "`finally` around it runs before it settles.",
  },
  suggestions: {
    await: "Wait for it with `await`.",
  },
  needs: /\btry\b/,
  create(context, { allowVoid }) {
    function report(
      promise: KnownPromise,
      messageId: string,
      data: { name?: string } = {},
    ): void {
      context.report({
        node: promise.node,
        messageId,
        data: { call: describeCall(context, promise.node), ...data },
        suggest: suggestAwait(
          context,
          promise,
          messageId === "returned" || messageId === "early"
            ? judgeReturnAwait(promise)
            : judgeAwait(context, promise),
        ),
      });
    }

    const dropped: Visitor = visitDropped(
      context,
      { allowVoid },
      (expression, { kind, ...data }) => {
        const promise = getKnownPromise(context, expression);
        if (!promise || isHandled(promise.node)) return;
        if (
          isCareful(context, promise.producer) ||
          endsHandled(context, promise.node)
        ) return;
        if (getCatchClauses(promise.node).length === 0) return;
        if (allowVoid && isWaived(context, promise.node)) return;
        report(promise, kind, data);
      },
    );

    return {
      ...dropped,
      ReturnStatement(node: ES.ReturnStatement) {
        const home = getEnclosingFunction(node);
        if (!home || home.generator || !node.argument) return;
        const promises = getValueArms(node.argument)
          .map((each) => getReturnedPromise(context, each))
          .filter((each) => each !== undefined);
        const isEarly = home.async && runsFinally(node);
        const isCaught = isHandledByCatch(context, node, promises);
        for (const promise of promises) {
          if (isExempt(context, promise, home)) continue;
          const canFail = !isSelfHandled(context, promise.producer) &&
            !neverRejects(context, promise.node);
          if (isCaught && canFail) report(promise, "returned");
          else if (isEarly) report(promise, "early");
        }
      },
    };
  },
});

import { endsHandled, isCareful } from "../semantics/promises/quiet.ts";

export default rule;

/**
 * Whether a catch that does something is around, meant for rejections: outside
 * of async functions it may be there for what throws at once.
 */
function isHandledByCatch(
  context: RuleContext,
  statement: ES.ReturnStatement,
  promises: readonly KnownPromise[],
): boolean {
  const handlers = getCatchClauses(statement)
    .filter((each) => !onlyRethrows(each));
  return handlers.length > 0 &&
    (getEnclosingFunction(statement)?.async === true ||
      handlers.every((each) =>
        isOnlyForPromises(
          context,
          (each.parent as ES.TryStatement).block,
          promises,
        )
      ));
}

function suggestAwait(
  context: RuleContext,
  { node, isArray }: KnownPromise,
  verdict: Verdict,
): Suggestion[] {
  if (!canAwait(node)) return [];
  const outer = outermost(node);
  const isAs = outer.type.startsWith("TS") &&
    outer.type !== "TSNonNullExpression";
  const text = context.sourceCode.getText(outer);
  const whole = isArray ? `Promise.all(${text})` : isAs ? `(${text})` : text;
  return [{
    messageId: "await",
    ...verdict,
    fix: (fixer) => fixer.replaceText(outer, `await ${whole}`),
  }];
}
