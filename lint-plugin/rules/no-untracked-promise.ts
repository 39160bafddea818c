import type { TSESTree as ES } from "@typescript-eslint/utils";
import { getEnclosingFunction, unwrap } from "../_ast.ts";
import {
  defineRule,
  type Fixer,
  type Rule,
  type RuleContext,
  type Suggestion,
} from "../_rule.ts";
import { canAwait } from "../semantics/awaiting.ts";
import { isHandled, isSelfHandled } from "../semantics/handled.ts";
import { getMdcCall, importsMdc } from "../semantics/mdc.ts";
import { findOwner } from "../semantics/owners.ts";
import {
  describeCall,
  getKnownPromise,
  type KnownPromise,
} from "../semantics/promises.ts";

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
      function check(
        expression: ES.Node,
        messageId: string,
        data: { name?: string } = {},
      ): void {
        const promise = getKnownPromise(context, expression);
        if (!promise || isHandled(promise.node)) return;
        if (!reportSelfHandled && isSelfHandled(context, promise.producer)) {
          return;
        }
        context.report({
          node: promise.node,
          messageId,
          data: { call: describeCall(context, promise.node), ...data },
          suggest: getSuggestions(context, promise),
        });
      }

      function checkDropped(expression: ES.Node, messageId = "dropped"): void {
        for (const each of getDropped(expression)) check(each, messageId);
      }

      return {
        ExpressionStatement(node: ES.ExpressionStatement) {
          checkDropped(node.expression);
        },
        SequenceExpression(node: ES.SequenceExpression) {
          // The last member is the value of the whole.
          for (const each of node.expressions.slice(0, -1)) checkDropped(each);
        },
        UnaryExpression(node: ES.UnaryExpression) {
          if (node.operator === "void" && !allowVoid) {
            checkDropped(node.argument, "voided");
          }
        },
        VariableDeclarator(node: ES.VariableDeclarator) {
          if (node.id.type !== "Identifier" || !node.init) return;
          if (!isLocalUnread(context, node)) return;
          const { name } = node.id;
          for (const each of getDropped(node.init)) {
            check(each, "unread", { name });
          }
        },
      };
    },
  },
);

export default rule;

/** The expressions whose values are the value of the whole, and lost with it. */
function getDropped(expression: ES.Node): ES.Node[] {
  const node = unwrap(expression);
  switch (node.type) {
    case "LogicalExpression":
      return getDropped(node.right);
    case "ConditionalExpression":
      return [...getDropped(node.consequent), ...getDropped(node.alternate)];
    case "SequenceExpression":
      return getDropped(node.expressions.at(-1) as ES.Node);
    default:
      return [node];
  }
}

function isLocalUnread(
  context: RuleContext,
  declarator: ES.VariableDeclarator,
): boolean {
  // `await using` reads the variable when the block is left.
  if (/using/.test((declarator.parent as ES.VariableDeclaration).kind)) {
    return false;
  }
  return getEnclosingFunction(declarator) !== undefined &&
    context.sourceCode.getDeclaredVariables(declarator).every((variable) =>
      variable.references.every((each) => each.isWrite() && !each.isRead())
    );
}

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
