import { assertEquals } from "@std/assert";
import * as parser from "@typescript-eslint/parser";
import { Linter } from "eslint";
import plugin from "../mod.ts";
import deno from "../deno/all.ts";
import { getCorpus } from "../scripts/corpus.ts";

const BUDGET_MS = 120_000;
// On a busy machine the budget ends the test early; an idle one needs 70 s.
const LEAST_FILES = 1_000;

const linter = new Linter();

const config = [{
  files: ["**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}"],
  plugins: { mdc: plugin },
  languageOptions: {
    parser,
    parserOptions: { ecmaFeatures: { jsx: true } },
  },
  linterOptions: {
    reportUnusedDisableDirectives: "off",
  },
  rules: Object.fromEntries(
    Object.keys(plugin.rules).map((rule) => [`mdc/${rule}`, "error"]),
  ),
}] as unknown as Linter.Config[];

/** `line rule` of each report; undefined for code that does not parse. */
function lintWithEslint(path: string, text: string): string[] | undefined {
  const filename = path.replace(/^.*node_modules\//, "");
  const messages = linter.verify(text, config, {
    filename,
    allowInlineConfig: false,
  });
  if (messages.some((each) => each.fatal)) return undefined;
  const stray = messages.find((each) => each.ruleId === null);
  if (stray) throw new Error(`${path}: ${stray.message}`);
  return messages.map((each) => `${each.line} ${each.ruleId}`).sort();
}

function lintWithDeno(path: string, text: string): string[] | undefined {
  let diagnostics: Deno.lint.Diagnostic[];
  try {
    diagnostics = Deno.lint.runPlugin(
      deno as unknown as Deno.lint.Plugin,
      path,
      text,
    );
  } catch (error) {
    // A rule's own error comes wrapped, with the error as its cause.
    if (error instanceof Error && error.cause) throw error;
    return undefined;
  }
  return diagnostics.map(({ id, range: [start] }) => {
    const line = text.slice(0, start).split(/\r\n|[\r\n\u2028\u2029]/).length;
    return `${line} ${id}`;
  }).sort();
}

Deno.test("no rule crashes on thousands of files of other people's code, and ESLint and Deno agree on them", async () => {
  const deadline = Date.now() + BUDGET_MS;
  let checked = 0;
  let reports = 0;
  for (const path of await getCorpus()) {
    if (Date.now() > deadline) break;
    const text = await Deno.readTextFile(path);
    const eslint = lintWithEslint(path, text);
    const found = lintWithDeno(path, text);
    if (!eslint || !found) continue;
    assertEquals(found, eslint, path);
    checked++;
    reports += eslint.length;
  }
  console.log(`${checked} files, ${reports} reports`);
  assertEquals(checked >= LEAST_FILES, true, `only ${checked} files`);
});
