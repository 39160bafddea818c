import type { TSESTree as ES } from "@typescript-eslint/utils";
import {
  getAwaitedSelf,
  getUnwaitedTask,
} from "../analyses/task_misuse/ends.ts";
import { getOrphanCall } from "../analyses/task_misuse/explicit.ts";
import { getUncheckedLoops } from "../analyses/task_misuse/served.ts";
import {
  getLateDerivative,
  isRaceOfWaits,
} from "../analyses/task_misuse/waits.ts";
import { getMdcReference } from "../edits/imports.ts";
import { review } from "../edits/risk.ts";
import { defineRule } from "../host/define_rule.ts";
import type { Rule, RuleContext, Suggestion } from "../host/rule.ts";
import { importsMdc } from "../semantics/tasks/calls.ts";
import { canAwait } from "../syntax/await.ts";
import { getMethodCall } from "../syntax/nodes.ts";

interface Options {
  explicitMode: boolean;
}

const rule: Rule = defineRule<Options>("no-misused-task", {
  tier: 2,
  description: "disallow uses of tasks and events by which they lose their " +
    "owner or their end",
  options: {
    explicitMode: {
      type: "boolean",
      description: "The project runs without a task context (`taskContext: " +
        "false`, browsers): report calls after an `await` with neither " +
        "`signal` nor `parent`. `settings.mdc.explicitMode` says the same.",
    },
  },
  defaults: { explicitMode: false },
  messages: {
    raced: "Each round leaves the waits that lose behind, and they take the " +
      "events of later rounds. Wait for `AsyncEvent.any([…])`, or use " +
      "`race()` of `@mdc/tasks`, which cancels them.",
    late:
      "`{{name}}` is awaited only after something else: if it is cancelled " +
      "meanwhile, its rejection is an unhandled one. Make it a task: " +
      "`createTask(async () => …)`.",
    unwaited:
      "`{{name}}.cancel()` only asks, and nobody waits for the end of " +
      "`{{name}}` and its cleanup. Use `await cancelAndWait({{name}})`.",
    self: "`{{name}}` is the task that runs here: it would wait for itself.",
    unchecked: "This loop never waits, and the handler doesn't look at its " +
      "context: nothing can stop it. Call `context.throwIfCancelled()` in it.",
    orphan:
      "Without a task context `{{name}}` doesn't know its task after an " +
      "`await`: give it `signal` or `parent` of the context (`signal: null` if " +
      "it is on purpose).",
  },
  suggestions: {
    wait: "Cancel it and wait for its end.",
  },
  needs: /@mdc|@jsr\/mdc|mdc/,
  create(context, { explicitMode }) {
    const settings = context.settings?.mdc as
      | { explicitMode?: boolean }
      | undefined;
    const isExplicit = explicitMode || settings?.explicitMode === true;
    return {
      CallExpression(node: ES.CallExpression) {
        for (const loop of getUncheckedLoops(context, node)) {
          context.report({ node: loop, messageId: "unchecked" });
        }
        if (!importsMdc(context, node)) return;
        if (isRaceOfWaits(context, node)) {
          context.report({ node, messageId: "raced" });
        }
        const name = isExplicit ? getOrphanCall(context, node) : undefined;
        if (name !== undefined) {
          context.report({ node, messageId: "orphan", data: { name } });
        }
      },
      VariableDeclarator(node: ES.VariableDeclarator) {
        if (!importsMdc(context, node)) return;
        const name = getLateDerivative(context, node);
        if (name !== undefined) {
          context.report({ node: node.id, messageId: "late", data: { name } });
        }
      },
      ExpressionStatement(node: ES.ExpressionStatement) {
        if (!importsMdc(context, node)) return;
        const task = getUnwaitedTask(context, node);
        if (!task) return;
        context.report({
          node,
          messageId: "unwaited",
          data: { name: task.name },
          suggest: suggestWait(context, node, task.name),
        });
      },
      AwaitExpression(node: ES.AwaitExpression) {
        if (!importsMdc(context, node)) return;
        const name = getAwaitedSelf(context, node);
        if (name !== undefined) {
          context.report({ node, messageId: "self", data: { name } });
        }
      },
    };
  },
});

export default rule;

function suggestWait(
  context: RuleContext,
  statement: ES.ExpressionStatement,
  task: string,
): Suggestion[] {
  const reference = getMdcReference(context, "cancelAndWait", statement);
  if (!reference || !canAwait(statement)) return [];
  const [given] = getMethodCall(statement.expression)?.call.arguments ?? [];
  const options = given
    ? `, { reason: ${context.sourceCode.getText(given)} }`
    : "";
  return [{
    messageId: "wait",
    ...review("the function then lasts until the task has cleaned up"),
    fix: (fixer) => [
      ...reference.addImport(fixer),
      fixer.replaceText(
        statement.expression,
        `await ${reference.text}(${task}${options})`,
      ),
    ],
  }];
}
