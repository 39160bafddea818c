/**
 * Measures the budgets against the bare platform, on Node 24 and on Deno, and
 * prints one table. Usage: deno task bench [--rounds <n>] [--only <text>]
 */
import { parseArgs } from "node:util";
import { ROWS } from "./_budgets.ts";
import { type Limit, show } from "./_limits.ts";
import type { Comparison } from "./_measure.ts";
import {
  denoRuntime,
  nodeRuntime,
  runFile,
  type Runtime,
} from "./_runtimes.ts";
import { budgetCell, limitCell, line, ratioCell } from "./_table.ts";

const LIMITS = [
  { title: "10k idle waiters", file: "idle_waiters.ts" },
  { title: "1M tasks under one parent", file: "long_lived_parent.ts" },
];

const ROOT = new URL("..", import.meta.url);

const { values } = parseArgs({
  args: Deno.args,
  options: {
    rounds: { type: "string", default: "9" },
    only: { type: "string", default: "" },
  },
});
const chosen = (text: string) => text.includes(values.only);
const rows = ROWS.filter(({ title, run }) => chosen(`${run} ${title}`));
const limits = LIMITS.filter(({ title, file }) => chosen(`${file} ${title}`));
if (rows.length + limits.length === 0) {
  console.error(`No case has "${values.only}" in its name or title`);
  Deno.exit(2);
}

const runtimes = [await nodeRuntime(ROOT), denoRuntime()];
const done = new Map<string, Record<string, Comparison>>();

/** All quantities of a case; each case runs once on each runtime. */
async function measure(
  runtime: Runtime,
  run: string,
): Promise<Record<string, Comparison>> {
  const key = `${runtime.name} ${run}`;
  let comparisons = done.get(key);
  if (comparisons === undefined) {
    const [name = "", ...mode] = run.split(" ");
    const args = [name, values.rounds, ...mode];
    comparisons = await runFile(runtime, ROOT, "case.ts", args) as Record<
      string,
      Comparison
    >;
    done.set(key, comparisons);
  }
  return comparisons;
}

console.log(line(["case", "budget", ...runtimes.map(({ title }) => title)]));
console.log(line(["---", "---", ...runtimes.map(() => "---")]));
for (const row of rows) {
  const cells: string[] = [];
  for (const runtime of runtimes) {
    const comparison = (await measure(runtime, row.run))[row.quantity];
    if (comparison === undefined) {
      throw new Error(`${row.run} doesn't measure ${row.quantity}`);
    }
    cells.push(ratioCell(row, runtime, comparison));
  }
  console.log(line([row.title, budgetCell(row), ...cells]));
}
for (const { title, file } of limits) {
  const figures: Limit[][] = [];
  for (const runtime of runtimes) {
    const printed = await runFile(runtime, ROOT, file, ["--json"]);
    figures.push(printed as Limit[]);
  }
  figures[0]!.forEach(({ what, most, unit }, index) => {
    const cells = figures.map((of) => limitCell(of[index]!));
    console.log(line([`${title}: ${what}`, `≤ ${show(most, unit)}`, ...cells]));
  });
}
