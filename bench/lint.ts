/**
 * What the plugin's rules add to ESLint's own time.
 *
 * Lints 1,000 TypeScript files of other people with an empty rule set and with
 * the rules of tier 1, in turns of a few files, and compares the medians of the
 * CPU time. Fails above the budget of 15 %: `deno run -A bench/lint.ts`.
 *
 * @module
 */
import * as parser from "@typescript-eslint/parser";
import { Linter } from "eslint";
import process from "node:process";
import plugin from "../lint-plugin/mod.ts";
import { getCorpus } from "../lint-plugin/scripts/corpus.ts";

const FILES = 1_000;
const ROUNDS = 5;
// Small turns: what else the machine does hits both sides alike.
const TURN = 20;
const BUDGET = 0.15;

const linter = new Linter();

function getConfig(rules: readonly string[]): Linter.Config[] {
  return [{
    files: ["**/*.{ts,mts,tsx}"],
    plugins: { mdc: plugin },
    languageOptions: { parser },
    rules: Object.fromEntries(rules.map((rule) => [`mdc/${rule}`, "error"])),
  }] as unknown as Linter.Config[];
}

const tierOne = Object.entries(plugin.rules)
  .filter(([, { meta }]) => meta.docs.tier === 1)
  .map(([name]) => name);

type File = { readonly filename: string; readonly text: string };

/** CPU time in milliseconds: on a busy machine wall time says nothing. */
function lint(files: readonly File[], config: Linter.Config[]): number {
  const start = process.cpuUsage();
  for (const { filename, text } of files) {
    linter.verify(text, config, { filename, allowInlineConfig: false });
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

const paths = (await getCorpus()).filter((path) =>
  /\.(?:ts|mts|tsx)$/.test(path) && !/\.d\.m?ts$/.test(path)
);
const files = paths.slice(0, FILES).map((path) => ({
  filename: path.replace(/^.*node_modules\//, ""),
  text: Deno.readTextFileSync(path),
}));
if (files.length < FILES) {
  throw new Error(`Cannot measure: ${files.length} files, expected ${FILES}`);
}

const empty = getConfig([]);
const full = getConfig(tierOne);
// The first pass warms both up.
lint(files, full);
const times = { empty: [] as number[], full: [] as number[] };
const added: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  let base = 0;
  let whole = 0;
  for (let at = 0; at < files.length; at += TURN) {
    const turn = files.slice(at, at + TURN);
    // Who comes second has the files warm.
    if (at / TURN % 2 === 0) {
      base += lint(turn, empty);
      whole += lint(turn, full);
    } else {
      whole += lint(turn, full);
      base += lint(turn, empty);
    }
  }
  times.empty.push(base);
  times.full.push(whole);
  added.push(whole / base - 1);
}

const share = median(times.full) / median(times.empty) - 1;
console.log(
  `${FILES} TypeScript files, ${tierOne.length} rules, medians of ${ROUNDS}:`,
);
console.log(`  empty rule set  ${median(times.empty).toFixed(0)} ms`);
console.log(`  with the rules  ${median(times.full).toFixed(0)} ms`);
console.log(`  added           ${(share * 100).toFixed(1)} % (budget 15 %)`);
console.log(
  `  by round        ${
    added.map((each) => `${(each * 100).toFixed(1)} %`).join(", ")
  }`,
);
if (share > BUDGET) Deno.exit(1);
