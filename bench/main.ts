/**
 * Measures the budgets against the bare platform, on Deno and on Node 24, and
 * prints one table. Usage: deno task bench [--rounds <n>] [--only <text>]
 */
import { parseArgs } from "node:util";
import { type Row, ROWS } from "./_budgets.ts";
import type { Comparison } from "./_measure.ts";
import { denoRuntime, nodeRuntime, type Runtime } from "./_runtimes.ts";

type Comparisons = Record<string, Comparison>;

const ROOT = new URL("..", import.meta.url);

async function measure(
  runtime: Runtime,
  run: string,
  rounds: string,
): Promise<Comparisons> {
  const [name = "", ...rest] = run.split(" ");
  const { success, stdout } = await new Deno.Command(runtime.command, {
    args: [...runtime.args, "bench/case.ts", name, rounds, ...rest],
    cwd: ROOT,
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`${run} failed on ${runtime.title}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** The ratio, its range, the figures it comes from, and the verdict. */
function cell(row: Row, runtime: Runtime, comparisons: Comparisons): string {
  const figures = comparisons[row.quantity];
  if (figures === undefined) return "not measured";
  const { base, subject, ratio, lowest, highest } = figures;
  const unit = row.quantity === "bytes" ? "B" : "ms";
  const digits = (value: number) => value.toFixed(value < 0.1 ? 3 : 2);
  const text = `${digits(ratio)} (${digits(lowest)}-${digits(highest)}; ${
    subject.toFixed(1)
  }/${base.toFixed(1)} ${unit})`;
  const budget = row.budget?.[runtime.name];
  if (budget === undefined) return text;
  const met = ratio <= budget && subject <= (row.most ?? Infinity);
  return `**${met ? "met" : "not met"}** ${text}`;
}

function budgetOf({ budget, most }: Row): string {
  if (budget === undefined) return "";
  const ratios = budget.node === budget.deno
    ? `${budget.node}`
    : `${budget.node} / ${budget.deno}`;
  return most === undefined ? ratios : `${ratios}, ${most} B`;
}

const { values } = parseArgs({
  args: Deno.args,
  options: {
    rounds: { type: "string", default: "7" },
    only: { type: "string", default: "" },
  },
});
const rows = ROWS.filter(({ title, run }) =>
  `${run} ${title}`.includes(values.only)
);
const runtimes = [await nodeRuntime(ROOT), denoRuntime()];
const measured = new Map<string, Comparisons>();

console.log(
  `| case | budget: Node / Deno | ${
    runtimes.map(({ title }) => title).join(" | ")
  } |`,
);
console.log("|---|---|---|---|");
for (const row of rows) {
  const cells: string[] = [];
  for (const runtime of runtimes) {
    const key = `${runtime.name} ${row.run}`;
    let comparisons = measured.get(key);
    if (comparisons === undefined) {
      comparisons = await measure(runtime, row.run, values.rounds);
      measured.set(key, comparisons);
    }
    cells.push(cell(row, runtime, comparisons));
  }
  const title = row.title.replace(/^ +/, "… ");
  console.log(`| ${title} | ${budgetOf(row)} | ${cells.join(" | ")} |`);
}
