import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getEnclosingFunction,
  getKeyName,
  getPropertyName,
  outermost,
} from "../syntax/nodes.ts";
import type { Rule, RuleContext } from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import {
  getInitialiser,
  getReads,
  getVariable,
  isGlobal,
} from "../semantics/names/variables.ts";
import { isInTest } from "../syntax/test_callbacks.ts";

const rule: Rule = defineRule("no-unlinked-abort-controller", {
  tier: 2,
  description: "disallow abort controllers that nobody can abort",
  defaults: {},
  messages: {
    unlinked: "Nobody can abort `{{name}}`: only its signal is used. Take a " +
      "`signal` in an options object and pass that on, or pass none.",
    inline: "Nobody can abort this signal: its controller is dropped. Take a " +
      "`signal` in an options object and pass that on.",
    dropped: "Nobody can abort `{{name}}`: its controller is dropped. Take a " +
      "`signal` in an options object and pass that on, or pass none.",
  },
  needs: /\bAbortController\b/,
  create(context) {
    return {
      NewExpression(node: ES.NewExpression) {
        if (!isGlobal(context, node.callee, "AbortController")) return;
        const value = outermost(node);
        if (isInlineArgument(value)) {
          if (!getEnclosingFunction(node) || isInTest(node)) return;
          context.report({ node, messageId: "inline" });
          return;
        }
        const declarator = value.parent;
        if (
          declarator?.type !== "VariableDeclarator" ||
          declarator.init !== value || !getEnclosingFunction(node)
        ) return;
        const { id } = declarator;
        if (id.type === "Identifier") {
          if (!isUnlinked(context, id) || isInTest(node)) return;
          const { name } = id;
          context.report({ node, messageId: "unlinked", data: { name } });
        } else {
          const signal = getOnlySignal(id);
          if (!signal || !isUsed(context, signal) || isInTest(node)) return;
          const { name } = signal;
          context.report({ node, messageId: "dropped", data: { name } });
        }
      },
    };
  },
});

export default rule;

/** `load(url, new AbortController().signal)`, as an argument by itself. */
function isInlineArgument(controller: ES.Node): boolean {
  const member = controller.parent;
  if (
    member?.type !== "MemberExpression" || member.object !== controller ||
    getPropertyName(member) !== "signal"
  ) return false;
  const argument = outermost(member);
  const { parent } = argument;
  return parent?.type === "CallExpression" && parent.callee !== argument;
}

/** Whether everything that happens to the controller is a look at its signal. */
function isUnlinked(context: RuleContext, id: ES.Identifier): boolean {
  const variable = getVariable(context, id);
  if (!variable || !getInitialiser(variable)) return false;
  const uses = getReads(variable);
  return uses.length > 0 && uses.every(isSignalRead);
}

/** `own.signal`, or `const { signal } = own`. */
function isSignalRead(use: ES.Identifier): boolean {
  const value = outermost(use);
  const { parent } = value;
  if (parent?.type === "VariableDeclarator") {
    return parent.init === value && getOnlySignal(parent.id) !== undefined;
  }
  return parent?.type === "MemberExpression" && parent.object === value &&
    getPropertyName(parent) === "signal" && !isWritten(parent);
}

function isWritten(member: ES.MemberExpression): boolean {
  const { parent } = member;
  return parent.type === "AssignmentExpression" && parent.left === member ||
    parent.type === "UnaryExpression" && parent.operator === "delete";
}

/** The variable of a pattern that takes nothing but `signal`. */
function getOnlySignal(pattern: ES.Node): ES.Identifier | undefined {
  if (pattern.type !== "ObjectPattern") return undefined;
  const [property, ...more] = pattern.properties;
  return property?.type === "Property" && more.length === 0 &&
      getKeyName(property.key, property.computed) === "signal" &&
      property.value.type === "Identifier"
    ? property.value
    : undefined;
}

function isUsed(context: RuleContext, binding: ES.Identifier): boolean {
  const variable = getVariable(context, binding);
  return variable !== undefined && getReads(variable).length > 0;
}
