import type { Row } from "./_budgets.ts";
import { holds, type Limit, show } from "./_limits.ts";
import type { Comparison } from "./_measure.ts";
import type { Runtime } from "./_runtimes.ts";

function verdict(met: boolean): string {
  return met ? "met" : "**not met**";
}

function digits(ratio: number): string {
  return ratio.toFixed(ratio < 0.1 ? 3 : 2);
}

/** The ratio with its range, the figures that it comes from, the verdict. */
export function ratioCell(
  row: Row,
  runtime: Runtime,
  { base, subject, ratio, lowest, highest }: Comparison,
): string {
  const unit = row.quantity === "bytes" ? "B" : "ns";
  const text = `${digits(ratio)}x (${digits(lowest)}-${digits(highest)}), ` +
    `${subject.toFixed(0)} ÷ ${base.toFixed(0)} ${unit}`;
  const budget = row.budget?.[runtime.name];
  if (budget === undefined) return text;
  return `${
    verdict(ratio <= budget && subject <= (row.most ?? Infinity))
  } ${text}`;
}

/** The budget of a row, of Node and Deno if they differ. */
export function budgetCell({ budget, most }: Row): string {
  if (budget === undefined) return "";
  const { node, deno } = budget;
  const ratios = node === deno ? `${node}` : `${node} / ${deno}`;
  return most === undefined ? ratios : `${ratios}, ${most} B`;
}

/** The figure and the verdict. */
export function limitCell(limit: Limit): string {
  return `${verdict(holds(limit))} ${show(limit.figure, limit.unit)}`;
}

/** A row of a Markdown table. */
export function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
