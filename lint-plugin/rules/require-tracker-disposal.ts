import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  type FunctionNode,
  getEnclosingFunction,
  getLastName,
  getPropertyName,
  outermost,
} from "../syntax/nodes.ts";
import type { Rule, Suggestion, Variable } from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import { review } from "../edits/risk.ts";
import { getMdcName } from "../semantics/tasks/calls.ts";
import { isConstant } from "../semantics/names/variables.ts";
import {
  getFirstValueVariable,
  isOnlyFilled,
} from "../analyses/tracker_uses.ts";

interface Options {
  names: readonly string[];
}

const rule: Rule = defineRule<Options>("require-tracker-disposal", {
  tier: 2,
  description: "require trackers and groups to wait for their tasks, or to " +
    "cancel them",
  options: {
    names: {
      type: "array",
      description: "Further classes to treat like `TaskTracker`, wherever " +
        "they come from.",
      items: { type: "string" },
    },
  },
  defaults: { names: [] },
  messages: {
    undisposed: "Nobody disposes of `{{name}}`: its tasks outlive this " +
      "function, and nobody sees them fail.",
    dropped: "This `{{name}}` is dropped at once: nobody can wait for its " +
      "tasks, cancel them, or see them fail.",
  },
  suggestions: {
    awaitUsing: "Dispose of it at the end of the block with `await using`.",
  },
  create(context, { names }) {
    return {
      NewExpression(node: ES.NewExpression) {
        const name = getLastName(node.callee) ?? "";
        if (
          !OWNERS.test(getMdcName(context, node.callee) ?? "") &&
          !names.includes(name)
        ) return;
        const home = getEnclosingFunction(node);
        if (!home) return;
        const value = outermost(node);
        if (isDropped(value)) {
          context.report({ node, messageId: "dropped", data: { name } });
          return;
        }
        const variable = getFirstValueVariable(context, value);
        if (!variable || isUsing(value) || !isOnlyFilled(variable, home)) {
          return;
        }
        context.report({
          node,
          messageId: "undisposed",
          data: { name: variable.name },
          suggest: suggestUsing(value, variable, home),
        });
      },
    };
  },
});

export default rule;

/** Classes that own the tasks which they are given. */
const OWNERS = /^Task(?:Tracker|Group)$/;

/** A statement of its own, or nothing but the object of a first task. */
function isDropped(tracker: ES.Node): boolean {
  const { parent } = tracker;
  if (parent?.type === "ExpressionStatement") return true;
  if (parent?.type !== "MemberExpression" || parent.object !== tracker) {
    return false;
  }
  const member = outermost(parent);
  return /^(?:spawn|add)$/.test(getPropertyName(parent) ?? "") &&
    member.parent?.type === "CallExpression" && member.parent.callee === member;
}

function isUsing(value: ES.Node): boolean {
  const declaration = value.parent?.parent;
  return declaration?.type === "VariableDeclaration" &&
    declaration.kind.endsWith("using");
}

function suggestUsing(
  value: ES.Node,
  variable: Variable,
  home: FunctionNode,
): Suggestion[] {
  const declaration = value.parent?.parent;
  if (
    declaration?.type !== "VariableDeclaration" || declaration.kind === "var" ||
    declaration.declarations.length !== 1 ||
    declaration.parent.type !== "BlockStatement" ||
    !home.async || !isConstant(variable)
  ) return [];
  const start = declaration.range[0];
  const end = start + declaration.kind.length;
  return [{
    messageId: "awaitUsing",
    ...review("the end of the block cancels the tasks and waits for them"),
    fix: (fixer) => fixer.replaceTextRange([start, end], "await using"),
  }];
}
