import type { Linter } from "eslint";
import { parse } from "node:path";
import type { Risk, Rule, Verdict } from "../host/rule.ts";
import { forbidsConsole } from "./console_ban.ts";
import { isCommonJs } from "./module_kind.ts";
import { awaitCheck } from "./await_check.ts";
import { type EslintHost, MissingPackageError } from "./eslint_host.ts";
import type { Finding, Lint, LintResult, TextEdit } from "./types.ts";

/** How files are looked at. */
export interface LintOptions {
  /** The rules by name, without namespace. */
  readonly rules: { readonly [name: string]: Rule };
  /** Which of its edits a finding shows; default `"safe"`. */
  readonly risk?: Risk;
  /** Options by rule. */
  readonly ruleOptions?: { readonly [name: string]: readonly unknown[] };
  /** ESLint's settings. */
  readonly settings?: { readonly [name: string]: unknown };
  /** ESLint's language options: they replace the parser. */
  readonly languageOptions?: { readonly [name: string]: unknown };
}

const SYNTAX = "mdc-codemod/await";

/**
 * Makes the function that looks at the texts of one file, by its absolute path.
 *
 * @throws {MissingPackageError} (when it is called) for TypeScript without the
 * parser of it
 */
export function createLint(
  host: EslintHost,
  path: string,
  options: LintOptions,
): Lint {
  const { ruleOptions = {} } = options;
  const linter = new host.Linter({ cwd: parse(path).root });
  const config = [
    // ESLint would skip what the caller has named.
    { ignores: ["!**/node_modules/", "!**/.git/"] },
    {
      // `**/*` would match only what another pattern matches as well.
      files: ["**/*.*"],
      plugins: {
        mdc: { rules: options.rules },
        "mdc-codemod": { rules: { await: awaitCheck } },
      },
      linterOptions: { reportUnusedDisableDirectives: "off" },
      settings: {
        ...options.settings,
        "mdc-codemod": { forbidsConsole: forbidsConsole(path) },
      },
      languageOptions: options.languageOptions ?? languageOf(host, path),
      rules: {
        [SYNTAX]: "error",
        ...Object.fromEntries(
          Object.keys(options.rules).map((name) => [
            `mdc/${name}`,
            ["error", ...ruleOptions[name] ?? []],
          ]),
        ),
      },
    },
  ] as unknown as Linter.Config[];
  const { risk = "safe" } = options;
  return (text) =>
    resultOf(linter.verify(text, config, { filename: path }), risk);
}

function languageOf(host: EslintHost, path: string): Record<string, unknown> {
  const { typescript } = host;
  if (typescript === undefined && /\.[mc]?tsx?$/.test(path)) {
    throw new MissingPackageError(
      "Cannot read TypeScript without its parser: " +
        "npm install --save-dev @typescript-eslint/parser typescript@6",
    );
  }
  return {
    sourceType: isCommonJs(path) ? "commonjs" : "module",
    parserOptions: { ecmaFeatures: { jsx: true } },
    ...(typescript && { parser: typescript }),
  };
}

function resultOf(
  messages: readonly Linter.LintMessage[],
  risk: Risk,
): LintResult {
  // Also fatal for ESLint: directives in comments that it has given up.
  const problem = messages.find(({ fatal, ruleId, message }) =>
    ruleId === SYNTAX || (fatal === true && message.startsWith("Parsing error"))
  );
  if (problem) {
    const { message, line = 1, column = 1 } = problem;
    return { status: "unparsable", problem: { message, line, column } };
  }
  for (const { ruleId, message, fatal } of messages) {
    if (ruleId === null && !fatal) {
      throw new Error(`Cannot look at the file: ${message}`);
    }
  }
  return {
    status: "parsed",
    findings: messages.flatMap((each) => findingOf(each, risk)),
  };
}

/** The edits of a finding, the one that fits best first. */
function editsOf({ fix, suggestions = [] }: Linter.LintMessage): TextEdit[] {
  if (fix) {
    const why = "the behaviour stays the same";
    return [{ ...fix, description: "Rewrite it.", risk: "safe", why }];
  }
  return suggestions.map((suggestion) => {
    // ESLint hands on what a rule adds; other rules than ours say nothing.
    const { risk, why } = suggestion as Partial<Verdict>;
    const description = suggestion.desc.replace(` (${risk}: ${why})`, "");
    return {
      ...suggestion.fix,
      description,
      risk: risk === "safe" ? risk : "review",
      why: why ?? "the rule doesn't say how risky it is",
    };
  });
}

function findingOf(message: Linter.LintMessage, risk: Risk): Finding[] {
  const { ruleId, messageId = "", line, column } = message;
  // What the file says about other plugins' rules is no concern of ours.
  if (!ruleId?.startsWith("mdc/")) return [];
  const offers = editsOf(message);
  const edit =
    offers.find((each) => each.risk === "safe" || risk === "review") ??
      offers[0];
  return [{
    rule: ruleId.slice("mdc/".length),
    messageId,
    message: message.message,
    line,
    column,
    endLine: message.endLine ?? line,
    endColumn: message.endColumn ?? column,
    ...(edit && { edit }),
  }];
}
