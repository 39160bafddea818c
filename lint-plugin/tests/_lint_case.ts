/** Lints the cases of the rule tests outside of the tests that made them. */
import { Linter } from "eslint";
import * as parser from "@typescript-eslint/parser";
import { join } from "node:path";
import plugin from "../mod.ts";
import { PLUGIN, run } from "../scripts/build.ts";
import type { ValidCase } from "./_tester.ts";

export interface RuleCase {
  readonly rule: string;
  readonly case: ValidCase;
}

/** Every case of every rule's test, from a process of their own. */
export async function readCases(): Promise<readonly RuleCase[]> {
  const printed = await run(Deno.execPath(), {
    args: ["run", "-A", join(PLUGIN, "tests", "_print_cases.ts")],
    cwd: PLUGIN,
  });
  return JSON.parse(printed) as RuleCase[];
}

/** The offset of a place that ESLint tells by line and column, from 1 each. */
export function offsetOf(code: string, line: number, column: number): number {
  const before = code.split("\n").slice(0, line - 1);
  return before.reduce((sum, each) => sum + each.length + 1, column - 1);
}

const linter = new Linter();

/** What the rules say about the text, with the case's options and settings. */
export function lintCase(
  { rule, case: each }: RuleCase,
  rules: readonly string[] = [rule],
  text: string = each.code,
): Linter.LintMessage[] {
  const filename = each.filename ?? "case.ts";
  return linter.verify(text, [{
    files: ["**/*.ts", "**/*.tsx"],
    plugins: { mdc: plugin },
    settings: each.settings ?? {},
    languageOptions: {
      parser,
      parserOptions: { ecmaFeatures: { jsx: filename.endsWith("x") } },
    },
    linterOptions: { reportUnusedDisableDirectives: "off" },
    rules: Object.fromEntries(
      rules.map((name) => [
        `mdc/${name}`,
        ["error", ...(name === rule ? each.options ?? [] : [])],
      ]),
    ),
  }] as unknown as Linter.Config[], { filename });
}
