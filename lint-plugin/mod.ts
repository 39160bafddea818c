/**
 * Lint rules that find code which swallows cancellation, loses promises or
 * leaks listeners: for ESLint (this entry), oxlint and `deno lint`.
 *
 * @example
 * In `eslint.config.js`
 * ```js ignore
 * import mdc from "@mdc/eslint-plugin";
 *
 * export default [mdc.configs.recommended];
 * ```
 *
 * @module
 */
import type { Config, Plugin, Rule, RuleEntry } from "./host/rule.ts";
import { rules } from "./rules/mod.ts";
import { TEST_CODE } from "./rules/test_code.ts";

export type {
  Config,
  Definition,
  Edit,
  Fix,
  Fixer,
  JsonSchema,
  MessageData,
  Plugin,
  Reference,
  Report,
  Risk,
  Rule,
  RuleContext,
  RuleEntry,
  RuleMeta,
  Scope,
  SignalSlot,
  SourceCode,
  Suggestion,
  SyntaxNode,
  Tier,
  TypeService,
  Variable,
  Verdict,
  Visitor,
} from "./host/rule.ts";

const NAMESPACE = "mdc";

type Severity = "error" | "warn" | "off";

function config(
  name: string,
  severityOf: (rule: Rule) => Severity,
): Config {
  const entries = Object.entries(rules)
    .map(([rule, definition]) =>
      [`${NAMESPACE}/${rule}`, severityOf(definition)] as const
    )
    .filter(([, severity]) => severity !== "off");
  return {
    name: `${NAMESPACE}/${name}`,
    // A getter, because the plugin contains its configs.
    get plugins() {
      return { [NAMESPACE]: plugin };
    },
    rules: {
      // Core rules that belong to the same practices.
      "no-unsafe-finally": "error",
      "no-async-promise-executor": "error",
      ...Object.fromEntries(entries),
    },
  };
}

/** The config for test code: every rule that doesn't hold there is off. */
function testConfig(): Config {
  const entries = Object.keys(rules).map((rule): [string, RuleEntry] => [
    `${NAMESPACE}/${rule}`,
    TEST_CODE[rule] ?? "off",
  ]);
  return {
    name: `${NAMESPACE}/tests`,
    get plugins() {
      return { [NAMESPACE]: plugin };
    },
    rules: Object.fromEntries(entries),
  };
}

/** The config that has the parser make types, which the rules then use. */
function typeChecked(name: string, { rules }: Config): Config {
  return {
    name: `${NAMESPACE}/${name}`,
    get plugins() {
      return { [NAMESPACE]: plugin };
    },
    languageOptions: { parserOptions: { projectService: true } },
    rules,
  };
}

const recommended = config(
  "recommended",
  ({ meta }) =>
    (["error", "warn", "off"] as const)[meta.docs.tier - 1] ?? "off",
);
const strict = config(
  "strict",
  ({ meta }) => meta.docs.tier < 3 ? "error" : "off",
);

/**
 * The plugin: `meta`, `rules` and the configs `recommended`, `strict`, `all`,
 * `recommendedTypeChecked`, `strictTypeChecked`, and `tests` for test code, after
 * one of the others.
 */
const plugin: Plugin = {
  meta: { name: "@mdc/eslint-plugin", version: "0.1.0", namespace: NAMESPACE },
  rules,
  configs: {
    recommended,
    strict,
    all: config("all", () => "error"),
    tests: testConfig(),
    recommendedTypeChecked: typeChecked(
      "recommended-type-checked",
      recommended,
    ),
    strictTypeChecked: typeChecked("strict-type-checked", strict),
  },
};

export default plugin;
