import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  defineRule,
  type Fixer,
  type Rule,
  type RuleContext,
  type Suggestion,
} from "../_rule.ts";
import { canAwait } from "../semantics/awaiting.ts";
import { visitDropped } from "../semantics/dropped.ts";
import { isHandled, isSelfHandled } from "../semantics/handled.ts";
import { getMdcCall, importsMdc } from "../semantics/mdc.ts";
import { findOwner } from "../semantics/owners.ts";
import {
  describeCall,
  getKnownPromise,
  type KnownPromise,
} from "../semantics/promises.ts";
import { getCatchClauses } from "../semantics/try_blocks.ts";

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
      await: "Wait for it with `await`.",
      own: "Give it to `{{owner}}`, which waits for it.",
      catch: "Append a rejection handler.",
    },
    hasSuggestions: true,
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

function getSuggestions(
  context: RuleContext,
  { node, isArray }: KnownPromise,
): Suggestion[] {
  const text = context.sourceCode.getText(node);
  const whole = isArray ? `Promise.all(${text})` : text;
  const replace = (messageId: string, output: string): Suggestion => ({
    messageId,
    fix: (fixer: Fixer) => fixer.replaceText(node, output),
  });
  const owner = findOwner(context, node);
  const suggestions: Suggestion[] = [];
  if (canAwait(node)) suggestions.push(replace("await", `await ${whole}`));
  const isTask = getMdcCall(context, node) === "createTask";
  if (owner && (isTask || owner.kind === "tracker")) {
    const output = isTask
      ? `${owner.name}.spawn(${getArguments(context, node)})`
      : `${owner.name}.add(${whole})`;
    const own = { ...replace("own", output), data: { owner: owner.name } };
    // Whoever has the package means its owners to be used.
    if (importsMdc(context, node)) suggestions.unshift(own);
    else suggestions.push(own);
  }
  suggestions.push(replace("catch", `${whole}.catch(console.error)`));
  return suggestions;
}

function getArguments(
  context: RuleContext,
  node: ES.CallExpression | ES.NewExpression,
): string {
  return node.arguments.map((each) => context.sourceCode.getText(each))
    .join(", ");
}
