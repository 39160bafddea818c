import type { TSESTree as ES } from "@typescript-eslint/utils";
import { type FunctionNode, outermost } from "../syntax/nodes.ts";
import type { Rule, RuleContext, Suggestion } from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import {
  getIgnoredCallback,
  type IgnoredCallback,
} from "../semantics/promises/callbacks.ts";
import { getLoop } from "../edits/for_of.ts";
import { review } from "../edits/risk.ts";
import { isCareful } from "../semantics/promises/quiet.ts";
import { importsMdc } from "../semantics/tasks/calls.ts";
import { findOwner } from "../semantics/tasks/owners.ts";
import { isAsync } from "../semantics/promises/known.ts";
import { getFunction } from "../semantics/names/variables.ts";

interface Options {
  checkJsxAttributes: boolean;
}

const rule: Rule = defineRule<Options>(
  "no-async-void-callback",
  {
    tier: 1,
    description: "disallow async callbacks whose promise is ignored",
    options: {
      checkJsxAttributes: {
        type: "boolean",
        description: "Report async functions in JSX attributes, too.",
      },
    },
    defaults: { checkJsxAttributes: false },
    messages: {
      ignored:
        "`{{callee}}` ignores the promise of its callback: nobody waits for it or sees it fail.",
      predicate:
        "`{{callee}}` takes the promise of its callback for `true`: the answer never counts.",
      attribute:
        "`{{callee}}` ignores the promise of its handler: nobody waits for it or sees it fail.",
    },
    suggestions: {
      spawn: "Let `{{owner}}` own the work.",
      loop: "Use `for…of` with `await`.",
    },
    needs: /\basync\b/,
    create(context, { checkJsxAttributes }) {
      return {
        CallExpression(node: ES.CallExpression) {
          const ignored = getIgnoredCallback(context, node);
          if (!ignored) return;
          const { callback, kind, label } = ignored;
          const known = getFunction(context, callback);
          if (!isAsync(known)) return;
          const isPredicate = kind === "predicate";
          if (!isPredicate && isCareful(context, known)) return;
          if ((isPredicate || kind === "each") && isAwaited(node)) return;
          context.report({
            node: callback,
            messageId: isPredicate ? "predicate" : "ignored",
            data: { callee: label },
            suggest: getSuggestions(context, node, ignored, known),
          });
        },
        JSXAttribute(node: ES.JSXAttribute) {
          if (!checkJsxAttributes) return;
          if (node.value?.type !== "JSXExpressionContainer") return;
          const handler = node.value.expression;
          const known = getFunction(context, handler);
          if (!isAsync(known) || isCareful(context, known)) return;
          context.report({
            node: handler,
            messageId: "attribute",
            data: { callee: context.sourceCode.getText(node.name) },
          });
        },
      };
    },
  },
);

export default rule;

/**
 * Whether somebody awaits the call or a chain on it: then it is no array method,
 * but one that knows about promises (`stream.filter`, `pool.forEach`).
 */
function isAwaited(call: ES.Node): boolean {
  let top = outermost(call);
  let parent = top.parent;
  while (
    parent?.type === "MemberExpression" && parent.object === top ||
    parent?.type === "CallExpression" && parent.callee === top
  ) {
    top = outermost(parent);
    parent = top.parent;
  }
  return parent?.type === "AwaitExpression" ||
    parent?.type === "ForOfStatement" && parent.await && parent.right === top;
}

function getSuggestions(
  context: RuleContext,
  call: ES.CallExpression,
  { callback, kind }: IgnoredCallback,
  known: FunctionNode,
): Suggestion[] {
  const suggestions: Suggestion[] = [];
  const owner = findOwner(context, call);
  if (
    owner?.kind === "tracker" && kind !== "predicate" && kind !== "effect" &&
    importsMdc(context, call) && known.params.length === 0
  ) {
    const text = context.sourceCode.getText(callback);
    const output = `() => ${owner.name}.spawn(${text})`;
    suggestions.push({
      messageId: "spawn",
      data: { owner: owner.name },
      ...review(`\`${owner.name}\` then waits for it, or cancels it`),
      fix: (fixer) => fixer.replaceText(callback, output),
    });
  }
  const statement = outermost(call).parent;
  const loop = kind === "each" ? getLoop(context, call) : undefined;
  if (loop && statement?.type === "ExpressionStatement") {
    suggestions.push({
      messageId: "loop",
      ...review("the calls run one after the other, and the caller waits"),
      fix: (fixer) => fixer.replaceText(statement, loop),
    });
  }
  return suggestions;
}
