/** What a recipe is: a rule whose edits move code to `@mdc/tasks`. */
import type { TSESTree as ES } from "@typescript-eslint/utils";
import type { Rule, RuleContext, Visitor } from "../host/rule.ts";
import { defineRule } from "../host/define_rule.ts";
import { Draft } from "./draft.ts";

/** A recipe as its author writes it. */
export interface RecipeDefinition {
  /** From what to what, in Markdown without a period. */
  readonly summary: string;
  /** What a text must contain for the recipe to have anything to look at. */
  readonly needs: RegExp;
  create(bench: Bench): Visitor;
}

/** What a recipe works with. */
export interface Bench {
  readonly context: RuleContext;
  /** Begins an edit about the node. */
  draft(node: ES.Node): Draft;
  /** Offers the edit: what the code is now, and what has to be read. */
  offer(
    draft: Draft,
    texts: { readonly what: string; readonly why: string },
  ): void;
  /** Tells what is left alone; the reason goes on after "because". */
  leave(node: ES.Node, what: string, because: string): void;
}

/** A recipe, and what lists say of it. */
export interface Recipe {
  readonly name: string;
  readonly summary: string;
  readonly rule: Rule;
}

/** Completes a recipe. */
export function defineRecipe(
  name: string,
  { summary, needs, create }: RecipeDefinition,
): Recipe {
  const rule = defineRule(name, {
    tier: 3,
    type: "suggestion",
    description: summary,
    defaults: {},
    needs,
    messages: {
      change: "{{what}}",
      left: "left: {{what}}, because {{because}}",
    },
    suggestions: { edit: "Rewrite it to `@mdc/tasks`." },
    create: (context) => create(makeBench(context)),
  });
  const url = rule.meta.docs.url.replace("/docs/rules/", "/docs/recipes/");
  const docs = { ...rule.meta.docs, url };
  return { name, summary, rule: { ...rule, meta: { ...rule.meta, docs } } };
}

function makeBench(context: RuleContext): Bench {
  const leave: Bench["leave"] = (node, what, because) =>
    context.report({ node, messageId: "left", data: { what, because } });
  return {
    context,
    draft: (node) => new Draft(context, node),
    leave,
    offer(draft, { what, why }) {
      const { obstacle } = draft;
      if (obstacle !== undefined) return leave(draft.node, what, obstacle);
      context.report({
        node: draft.node,
        messageId: "change",
        data: { what },
        suggest: [{
          messageId: "edit",
          risk: "review",
          why,
          fix: () => draft.getEdits(),
        }],
      });
    },
  };
}
