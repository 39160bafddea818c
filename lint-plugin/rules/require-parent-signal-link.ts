import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getEnclosingFunction,
  isMemberOf,
  outermost,
} from "../syntax/nodes.ts";
import type { Rule, RuleContext, Suggestion } from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import { review, safe } from "../edits/risk.ts";
import { insertAfter } from "../edits/statements.ts";
import { getCatchClauses } from "../syntax/try.ts";
import { isInCleanup } from "../semantics/cancellation/cleanup.ts";
import {
  getReplacement,
  type GivenSignal,
} from "../semantics/signals/given.ts";
import { isLinked } from "../analyses/linking/links.ts";
import { getMdcThing } from "../semantics/tasks/calls.ts";
import { getMdcReference } from "../edits/imports.ts";
import { isOptionalSignal } from "../semantics/signals/optionality.ts";
import {
  findParentSignal,
  getOwnSignal,
  getUses,
  type OwnSignal,
} from "../analyses/linking/own.ts";
import { isGlobal, lookUp } from "../semantics/names/variables.ts";
import type { CallersSignal } from "../semantics/signals/callers.ts";

const rule: Rule = defineRule("require-parent-signal-link", {
  tier: 2,
  description: "require own signals to be linked to the caller's",
  defaults: {},
  messages: {
    unlinked:
      "Work gets `{{own}}` instead of `{{signal}}`, and nothing links " +
      "the two: it goes on after the caller has cancelled.",
  },
  suggestions: {
    any: "Give it both with `AbortSignal.any()`.",
    propagate: "Link the two with `{{name}}()`.",
  },
  needs: /\bAbort(?:Controller|Signal)\b/,
  create(context) {
    function check(node: ES.NewExpression | ES.CallExpression): void {
      const home = getEnclosingFunction(node);
      const own = home && getOwnSignal(context, node);
      if (!own || isInCleanup(context, node)) return;
      const signal = findParentSignal(context, node);
      if (!signal) return;
      const uses = getUses(context, home, own);
      if (uses.length === 0 || isLinked(context, home, signal, own)) return;
      context.report({
        node,
        messageId: "unlinked",
        data: { own: own.text, signal: signal.text },
        suggest: [
          ...suggestAny(context, signal, uses, node),
          ...suggestPropagation(context, signal, own),
        ],
      });
    }

    return {
      NewExpression(node: ES.NewExpression) {
        if (isGlobal(context, node.callee, "AbortController")) check(node);
      },
      CallExpression(node: ES.CallExpression) {
        if (isMemberOf(node.callee, "AbortSignal", "timeout")) check(node);
      },
    };
  },
});

export default rule;

function suggestAny(
  context: RuleContext,
  signal: CallersSignal,
  uses: readonly GivenSignal[],
  at: ES.Node,
): Suggestion[] {
  const { text } = signal;
  const [name = ""] = text.split(".");
  const meant = lookUp(context, name, at);
  const isVisible = uses.every(({ value }) =>
    lookUp(context, name, value) === meant
  );
  if (!isVisible) return [];
  const isOptional = isMaybe(context, signal, at);
  const replacements = uses.map((use) => {
    const own = context.sourceCode.getText(use.value);
    const any = `AbortSignal.any([${text}, ${own}])`;
    return getReplacement(
      context,
      use,
      isOptional ? `(${text} ? ${any} : ${own})` : any,
    );
  });
  const isTaken = uses.some(({ value }) =>
    getCatchClauses(value).some((clause) => asksForAbort(context, clause))
  );
  return [{
    messageId: "any",
    ...isTaken
      ? review("its handler takes an abort for that of its own signal")
      : safe(
        "the work ends with the caller as well, and is otherwise the same",
      ),
    fix: (fixer) =>
      [...new Map(replacements.map((each) => [each.node, each])).values()].map((
        { node, text },
      ) => fixer.replaceText(node, text)),
  }];
}

/** `error.name === "AbortError"`, `own.signal.aborted`: until now only one did. */
function asksForAbort(context: RuleContext, clause: ES.CatchClause): boolean {
  return /\b(?:Abort|Timeout)Error\b|\baborted\b/.test(
    context.sourceCode.getText(clause.body),
  );
}

function suggestPropagation(
  context: RuleContext,
  signal: CallersSignal,
  { node, variable }: OwnSignal,
): Suggestion[] {
  const declaration = outermost(node).parent?.parent;
  const reference = getMdcReference(context, "propagateCancellation", node);
  if (
    !reference || !variable || node.type !== "NewExpression" ||
    declaration?.type !== "VariableDeclaration"
  ) return [];
  const { text } = signal;
  const call = `${reference.text}(${text}, [${variable.name}]);`;
  const statement = isMaybe(context, signal, node)
    ? `if (${text}) ${call}`
    : call;
  const fix = insertAfter(context, declaration, statement);
  return [{
    messageId: "propagate",
    data: { name: reference.text },
    ...review("the link stays until it is disposed of"),
    fix: (fixer) => [...reference.addImport(fixer), fix(fixer)],
  }];
}

/** Whether the caller may give no signal, as far as the code tells. */
function isMaybe(
  context: RuleContext,
  signal: CallersSignal,
  at: ES.Node,
): boolean {
  if (isOptionalSignal(context, signal, at)) return true;
  const binding = signal.root.defs[0]?.name as ES.Identifier;
  return signal.text.includes(".") &&
    getMdcThing(context, binding) !== "context";
}
