import type { TSESTree as ES } from "@typescript-eslint/utils";
import type { Rule } from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import { allowsAwait } from "../syntax/await.ts";

/**
 * Reports `await` where it is no syntax. The TypeScript parser lets it pass,
 * because its type checker tells, and the engines refuse the file.
 */
export const awaitCheck: Rule = defineRule("await", {
  tier: 1,
  description: "disallow await where it is no syntax",
  defaults: {},
  messages: { await: "`await` is only allowed in an async function" },
  needs: /\bawait\b/,
  create(context) {
    const check = (node: ES.Node): void => {
      if (allowsAwait(node) === false) {
        context.report({ node, messageId: "await" });
      }
    };
    return {
      AwaitExpression: check,
      ForOfStatement(node: ES.ForOfStatement) {
        if (node.await) check(node);
      },
      VariableDeclaration(node: ES.VariableDeclaration) {
        if (node.kind === "await using") check(node);
      },
    };
  },
});
