/**
 * What the plugin's rules add to ESLint's own time.
 *
 * Lints 1,000 TypeScript files of other people with an empty rule set, with the
 * rules of tier 1 and with all, in turns of a few files, and compares the medians
 * of the CPU time. Fails above the budgets of 15 % and 30 %:
 * `deno run -A bench/lint.ts`.
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

/** What is measured; the first is what the others are compared with. */
const SETS = [
  { name: "empty rule set", rules: [] as string[], budget: 0 },
  { name: "tier 1", rules: tierOne, budget: 0.15 },
  { name: "all rules", rules: Object.keys(plugin.rules), budget: 0.3 },
];

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

const configs = SETS.map(({ rules }) => getConfig(rules));
// The first pass warms all up.
lint(files, configs.at(-1) ?? []);
const times: number[][] = SETS.map(() => []);
for (let round = 0; round < ROUNDS; round++) {
  const sums = SETS.map(() => 0);
  for (let at = 0; at < files.length; at += TURN) {
    const turn = files.slice(at, at + TURN);
    // Who comes later has the files warm.
    for (let step = 0; step < SETS.length; step++) {
      const which = (step + at / TURN) % SETS.length;
      sums[which] = (sums[which] ?? 0) + lint(turn, configs[which] ?? []);
    }
  }
  sums.forEach((sum, which) => times[which]?.push(sum));
}

const [base = []] = times;
let isMissed = false;
console.log(`${FILES} TypeScript files, medians of ${ROUNDS} rounds:`);
for (const [which, { name, rules, budget }] of SETS.entries()) {
  const own = times[which] ?? [];
  const share = median(own) / median(base) - 1;
  const rounds = own.map((each, round) =>
    `${((each / (base[round] ?? NaN) - 1) * 100).toFixed(1)} %`
  );
  console.log(
    `  ${name.padEnd(15)} ${String(rules.length).padStart(2)} rules  ` +
      `${median(own).toFixed(0).padStart(6)} ms` +
      (which === 0
        ? ""
        : `  +${(share * 100).toFixed(1)} % (budget ${
          budget * 100
        } %; by round ${rounds.join(", ")})`),
  );
  if (which > 0 && share > budget) isMissed = true;
}
if (isMissed) Deno.exit(1);
