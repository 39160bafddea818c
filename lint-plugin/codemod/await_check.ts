import type { Rule } from "../_rule.ts";

interface Node {
  readonly type: string;
  readonly parent?: Node;
  readonly async?: boolean;
  readonly await?: boolean;
  readonly kind?: string;
}

/**
 * Reports `await` where it is no syntax. The TypeScript parser lets it pass,
 * because its type checker tells, and the engines refuse the file.
 */
export const awaitCheck: Rule = {
  meta: {
    type: "problem",
    docs: {
      description: "Disallow await outside of async functions",
      url: "",
      recommended: false,
      tier: 1,
      dialects: ["JavaScript", "TypeScript"],
    },
    languages: ["js/js"],
    schema: [],
    defaultOptions: [],
    messages: { await: "`await` is only allowed in an async function" },
    hasSuggestions: false,
  },
  create(context) {
    const check = (node: Node): void => {
      if (!isAllowed(node)) {
        context.report({ node: node as never, messageId: "await" });
      }
    };
    return {
      AwaitExpression: check,
      ForOfStatement(node: Node) {
        if (node.await === true) check(node);
      },
      VariableDeclaration(node: Node) {
        if (node.kind === "await using") check(node);
      },
    };
  },
};

function isAllowed(node: Node): boolean {
  for (let at = node.parent; at; at = at.parent) {
    if (at.type === "StaticBlock") return false;
    if (at.async !== undefined && /Function/.test(at.type)) return at.async;
  }
  return true;
}
