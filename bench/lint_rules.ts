/**
 * What each rule costs on files that nobody wrote by hand: two bundles of
 * `node_modules` and 5,000 generated functions. Prints the CPU time by rule, above
 * that of the same walk without rules: `deno run -A bench/lint_rules.ts`, or with
 * paths of files of your own.
 *
 * @module
 */
import { Linter } from "eslint";
import process from "node:process";
import plugin from "../lint-plugin/mod.ts";
import { LARGE } from "../lint-plugin/tests/_large_programs.ts";

const ROUNDS = 3;
const BUNDLES = [
  "node_modules/playwright-core/lib/utilsBundle.js",
  "node_modules/playwright-core/lib/vite/htmlReport/report.js",
];
const FUNCTIONS = 5_000;
// Each part of the generated program has three.
const PARTS = Math.ceil(FUNCTIONS / 3);

interface Input {
  readonly name: string;
  readonly text: string;
}

function getInputs(): Input[] {
  const root = new URL("../", import.meta.url);
  const paths = Deno.args.length > 0
    ? Deno.args.map((path) => new URL(path, `file://${Deno.cwd()}/`))
    : BUNDLES.map((path) => new URL(path, root));
  const files = paths.map((path) => ({
    name: path.pathname.split("/").at(-1) ?? "",
    text: Deno.readTextFileSync(path),
  }));
  const write = LARGE["functions side by side"];
  return Deno.args.length > 0 || !write
    ? files
    : [...files, { name: `${FUNCTIONS} functions`, text: write(PARTS) }];
}

/** CPU time in milliseconds. */
function time(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function getConfig(rules: readonly string[]): Linter.Config[] {
  return [{
    plugins: { mdc: plugin },
    rules: Object.fromEntries(rules.map((rule) => [`mdc/${rule}`, "error"])),
  }] as unknown as Linter.Config[];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** The rows of the table: parsing, the walk, each rule, all of them. */
function measure({ text }: Input): Map<string, number> {
  const linter = new Linter();
  const rows = new Map<string, number>();
  const parsing = time(() => void linter.verify(text, getConfig([])));
  rows.set("parse and walk", parsing);
  const names = Object.keys(plugin.rules);
  const walk = (rules: readonly string[]) => {
    const config = getConfig(rules);
    // A new tree: what rules have found in the last one is forgotten.
    const times = Array.from({ length: ROUNDS }, () => {
      linter.verify(text, getConfig([]));
      const sourceCode = linter.getSourceCode();
      return time(() => void linter.verify(sourceCode, config));
    });
    return median(times);
  };
  const base = walk([]);
  for (const name of names) rows.set(name, walk([name]) - base);
  rows.set("all rules together", walk(names) - base);
  return rows;
}

const inputs = getInputs();
const columns = inputs.map((input) => measure(input));
const header = inputs.map(({ name, text }) =>
  `${name} (${(text.length / 1e6).toFixed(2)} MB)`
);
console.log(`| ms of CPU | ${header.join(" | ")} |`);
console.log(`| --- |${" ---: |".repeat(inputs.length)}`);
for (const row of columns[0]?.keys() ?? []) {
  const cells = columns.map((each) => Math.round(each.get(row) ?? NaN));
  console.log(`| ${row} | ${cells.join(" | ")} |`);
}
