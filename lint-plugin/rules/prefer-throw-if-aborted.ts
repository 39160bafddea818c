import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  contains,
  getPropertyName,
  type Maybe,
  unwrap,
} from "../syntax/nodes.ts";
import type { Rule, RuleContext } from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import { getAbortedOf, getLogic } from "../semantics/cancellation/condition.ts";
import { getAnnotatedType } from "../semantics/names/member_types.ts";
import { isSignal } from "../semantics/signals/signal.ts";

const rule: Rule = defineRule("prefer-throw-if-aborted", {
  tier: 3,
  type: "suggestion",
  description: "prefer `throwIfAborted()` to a test of `aborted` that throws " +
    "the reason",
  defaults: {},
  fixable: "code",
  messages: {
    byHand: "`{{call}}` does the same in one step.",
  },
  needs: /\baborted\b/,
  create(context) {
    return {
      IfStatement(node: ES.IfStatement) {
        const test = getTest(context, node.test);
        const reason = getThrownReason(node);
        if (!test || !reason || node.alternate) return;
        const path = getPath(test.member.object);
        const isSame = path !== undefined && path === getPath(reason) &&
          (!test.guard || path === getPath(test.guard));
        if (!isSame || !isRealSignal(context, test.member.object)) return;
        const call = getCall(context, test);
        context.report({
          node,
          messageId: "byHand",
          data: { call },
          ...(!hasComment(context, node) && {
            fix: (fixer) => fixer.replaceText(node, `${call};`),
          }),
        });
      },
    };
  },
});

export default rule;

interface AbortedTest {
  /** `S.aborted`. */
  readonly member: ES.MemberExpression;
  /** The `S` of `S && S.aborted`. */
  readonly guard?: ES.Node;
}

/** `S.aborted`, `S.aborted === true`, `!!S.aborted`, and each after `S &&`. */
function getTest(
  context: RuleContext,
  condition: ES.Node,
): AbortedTest | undefined {
  const logic = getLogic(context, condition);
  switch (logic.kind) {
    case "same":
      return getTest(context, logic.operand);
    case "not": {
      const inner = getLogic(context, logic.operand);
      return inner.kind === "not" ? getTest(context, inner.operand) : undefined;
    }
    case "and": {
      const inner = getTest(context, logic.right);
      return inner && !inner.guard
        ? { ...inner, guard: logic.left }
        : undefined;
    }
    case "atom": {
      const { node } = logic;
      // What a `const` was set to stands elsewhere, where the value was taken.
      return node.type === "MemberExpression" && getAbortedOf(node) &&
          contains(condition, node)
        ? { member: node }
        : undefined;
    }
    default:
      return undefined;
  }
}

/** The `S` of the only statement `throw S.reason;`. */
function getThrownReason({ consequent }: ES.IfStatement): Maybe<ES.Node> {
  const [statement, more] = consequent.type === "BlockStatement"
    ? consequent.body
    : [consequent];
  if (more || statement?.type !== "ThrowStatement") return undefined;
  const thrown = unwrap(statement.argument);
  return thrown?.type === "MemberExpression" &&
      getPropertyName(thrown) === "reason"
    ? thrown.object
    : undefined;
}

/**
 * Identifiers, `this` and plain members as a text without `?.` and `!`;
 * undefined for what may be another value the second time.
 */
function getPath(node: ES.Node): string | undefined {
  // No other wrapper: `(x as T).signal` needs its parentheses.
  const inner = node.type === "TSNonNullExpression" ? node.expression : node;
  if (inner.type === "Identifier") return inner.name;
  if (inner.type === "ThisExpression") return "this";
  if (inner.type !== "MemberExpression" || inner.computed) return undefined;
  const object = getPath(inner.object);
  return object && `${object}.${getPropertyName(inner)}`;
}

/** A structural type may have `aborted` and `reason` without the method. */
function isRealSignal(context: RuleContext, node: ES.Node): boolean {
  if (!isSignal(context, node)) return false;
  const type = getAnnotatedType(context, node);
  const parts = type?.type === "TSUnionType" ? type.types : type ? [type] : [];
  return parts.every((part) =>
    part.type === "TSUndefinedKeyword" || part.type === "TSNullKeyword" ||
    part.type === "TSTypeReference" &&
      /^(?:globalThis\.)?AbortSignal$/.test(
        context.sourceCode.getText(part.typeName),
      )
  );
}

function getCall(
  context: RuleContext,
  { member, guard }: AbortedTest,
): string {
  const dot = member.optional || guard ? "?." : ".";
  return `${context.sourceCode.getText(member.object)}${dot}throwIfAborted()`;
}

/** Paths, `true` and keywords hold no slashes: the text tells of comments. */
function hasComment(context: RuleContext, node: ES.Node): boolean {
  return /\/[/*]/.test(context.sourceCode.getText(node));
}
