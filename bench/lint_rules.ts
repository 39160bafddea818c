/**
 * What each rule costs on files that nobody wrote by hand: two bundles of
 * `node_modules` and 5,000 generated functions. Prints the time of the listeners of
 * each, in milliseconds: `deno run -A bench/lint_rules.ts`, or with paths of files of
 * your own. What rules share is counted for the first that asks.
 *
 * @module
 */
import { Linter } from "eslint";
import type { Rule } from "../lint-plugin/host/rule.ts";
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

/** The rule, whose listeners add to the time of that name. */
function timed(rule: Rule, add: (milliseconds: number) => void): Rule {
  const measure = <T>(run: () => T): T => {
    const start = performance.now();
    try {
      return run();
    } finally {
      add(performance.now() - start);
    }
  };
  return {
    ...rule,
    create: (context) =>
      Object.fromEntries(
        Object.entries(measure(() => rule.create(context))).map((
          [selector, listener],
        ) => [selector, (node: never) => measure(() => listener?.(node))]),
      ),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** The rows of the table: medians of the rounds. */
function measure({ text }: Input): Map<string, number> {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const times = new Map<string, number>();
    const add = (name: string) => (more: number) =>
      void times.set(name, (times.get(name) ?? 0) + more);
    const rules = Object.fromEntries(
      Object.entries(plugin.rules)
        .map(([name, rule]) => [name, timed(rule, add(name))]),
    );
    const config = [{
      plugins: { mdc: { rules } },
      rules: Object.fromEntries(
        Object.keys(rules).map((name) => [`mdc/${name}`, "error"]),
      ),
    }] as unknown as Linter.Config[];
    const start = performance.now();
    new Linter().verify(text, config, { allowInlineConfig: false });
    const whole = performance.now() - start;
    const all = [...times.values()].reduce((sum, each) => sum + each, 0);
    return times.set("all rules", all).set("the rest of ESLint", whole - all);
  });
  const [first] = rounds;
  return new Map(
    [...first?.keys() ?? []].map((row) => [
      row,
      median(rounds.map((each) => each.get(row) ?? 0)),
    ]),
  );
}

const inputs = getInputs();
const columns = inputs.map((input) => measure(input));
const header = inputs.map(({ name, text }) =>
  `${name} (${(text.length / 1e6).toFixed(2)} MB)`
);
console.log(`| ms | ${header.join(" | ")} |`);
console.log(`| --- |${" ---: |".repeat(inputs.length)}`);
for (const row of columns[0]?.keys() ?? []) {
  const cells = columns.map((each) => Math.round(each.get(row) ?? NaN));
  console.log(`| ${row} | ${cells.join(" | ")} |`);
}
