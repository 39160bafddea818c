import { existsSync, globSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workspace.ts";

/** Tests of the packages as they get installed; part of the matrix. */
export const E2E = "tests/e2e";

/** What only a page can show; part of the matrix. */
const BROWSER = "tests/browser";

/** What the pages of the devtools do in a browser; part of the matrix. */
export const PAGES = "devtools/tests/pages";

/** Tests that take long; part of the matrix. */
export const SLOW: readonly string[] = [
  "lint-plugin/tests/codemod_kill_test.ts",
  "lint-plugin/tests/no_crash_deno_test.ts",
  "lint-plugin/tests/parity_test.ts",
  "tests/apps_crawler_test.ts",
  "tests/apps_services_test.ts",
  "tests/apps_test.ts",
  "tests/apps_worker_test.ts",
];

/** The module that has the tests of all rules. */
export const RULE_TESTS = "tools/rule_tests.ts";

/**
 * The tests of single rules. A runner that gave each of them its own process
 * or worker would load ESLint and TypeScript as often.
 */
export function ruleTests(): string[] {
  return readdirSync(join(root, "lint-plugin", "rules"))
    // What rules share is named in snake_case.
    .filter((name) => name.includes("-"))
    .map((name) => name.replaceAll("-", "_").replace(/\.ts$/, "_test.ts"))
    .map((name) => `lint-plugin/tests/${name}`)
    .filter((path) => existsSync(join(root, path)));
}

/** What the stage "unit" runs, by its folder, relative to the root. */
export function unitTests(): string[] {
  const rules = ruleTests();
  return globSync("{tests,tools,lint-plugin,devtools}/**/*_test.ts", {
    cwd: root,
  })
    .filter((path) => !path.includes("node_modules"))
    .filter((path) => !path.startsWith(`${E2E}/`))
    .filter((path) => !path.startsWith(`${BROWSER}/`))
    .filter((path) => !path.startsWith(`${PAGES}/`))
    .filter((path) => !SLOW.includes(path) && !rules.includes(path))
    .sort();
}
