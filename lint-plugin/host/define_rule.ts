/** Makes a rule of what its author writes. */
import { getTypeService } from "./types.ts";
import { isMeant } from "./remarks.ts";
import type {
  JsonSchema,
  Rule,
  RuleContext,
  Tier,
  Verdict,
  Visitor,
} from "./rule.ts";

/** A rule's options as the rule's author writes them: an object with defaults. */
export interface RuleDefinition<Options extends object> {
  readonly tier: Tier;
  readonly type?: "problem" | "suggestion";
  readonly description: string;
  /** Schema of each option, with a description that the page prints. */
  readonly options?: { readonly [name in keyof Options]: JsonSchema };
  readonly defaults: Options;
  /** What is wrong, by key. */
  readonly messages: { readonly [messageId: string]: string };
  /** What the edits do, by key; hosts show the risk and its reason with it. */
  readonly suggestions?: { readonly [messageId: string]: string };
  readonly fixable?: "code";
  /** What a text must contain for the rule to have anything to look at. */
  readonly needs?: RegExp;
  create(context: RuleContext, options: Options): Visitor;
}

/** Where the sources are, as a test compares with what npm is told. */
export const REPOSITORY = "https://github.com/mdc/tasks";

const DOCS = `${REPOSITORY}/blob/main/lint-plugin/docs/rules/`;

/**
 * Completes a rule: strict schema from its options, merged defaults (hosts
 * without options get them as well), and the address of its page.
 */
export function defineRule<Options extends object>(
  name: string,
  definition: RuleDefinition<Options>,
): Rule {
  const { tier, options, defaults, needs, create } = definition;
  const { suggestions = {} } = definition;
  const hasOptions = options !== undefined && Object.keys(options).length > 0;
  return {
    meta: {
      type: definition.type ?? "problem",
      docs: {
        description: definition.description,
        url: `${DOCS}${name}.md`,
        recommended: tier < 3,
        tier,
        dialects: ["JavaScript", "TypeScript"],
      },
      languages: ["js/js"],
      schema: hasOptions ? [optionsSchema(options)] : [],
      defaultOptions: hasOptions ? [{ ...defaults }] : [],
      messages: { ...definition.messages, ...withRisk(suggestions) },
      hasSuggestions: Object.keys(suggestions).length > 0,
      ...(definition.fixable && { fixable: definition.fixable }),
    },
    create(context: RuleContext): Visitor {
      if (needs && !needs.test(context.sourceCode.getText())) return {};
      const given = context.options[0] as Partial<Options> | undefined;
      return create(extend(context), { ...defaults, ...given });
    },
  };
}

/** Ends the text of every edit: hosts have no other place to show the risk. */
export const RISK_SUFFIX = " ({{risk}}: {{why}})";

function withRisk(
  texts: { readonly [messageId: string]: string },
): { readonly [messageId: string]: string } {
  return Object.fromEntries(
    Object.entries(texts).map(([id, text]) => [id, text + RISK_SUFFIX]),
  );
}

const MEANT: Verdict = {
  risk: "review",
  why: "a comment beside it says that the code is meant as it is",
};

/** The context with types, if the host's parser has made them, and with risks. */
function extend(context: RuleContext): RuleContext {
  const { options, settings, sourceCode } = context;
  const types = getTypeService(sourceCode);
  return {
    options,
    ...(settings && { settings }),
    sourceCode,
    ...(types && { types }),
    report(report) {
      const suggest = report.suggest?.map((each) => {
        const { risk, why } = each.risk === "safe" &&
            isMeant(sourceCode, report.node)
          ? MEANT
          : each;
        return { ...each, risk, why, data: { ...each.data, risk, why } };
      });
      context.report({ ...report, ...(suggest && { suggest }) });
    },
  };
}

/**
 * A strict schema of an options object. The types stand in an `anyOf`, because
 * then ESLint's message about a wrong type shows the object, and with it the
 * name of the option; by itself it says only `Value 1 should be boolean`.
 */
function optionsSchema(
  options: { readonly [name: string]: JsonSchema },
): JsonSchema {
  const names = Object.keys(options).map((name) => [name, {}]);
  return {
    type: "object",
    properties: Object.fromEntries(names),
    additionalProperties: false,
    anyOf: [{ properties: options }],
  };
}
