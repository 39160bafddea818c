import type { Progress, ProgressSnapshot } from "@mdc/tasks";
import { printable } from "@mdc/tasks/trace";
import { type BarLine, barLine, shareOut } from "./bar_line.ts";
import type { Unit } from "./figures.ts";
import type { Row, Rows } from "./rows.ts";
import type { Paint } from "./style.ts";
import { fit, widthOf } from "./text_width.ts";

/** How lines are laid out. */
export interface LayoutOptions {
  /** How many columns and lines there are. */
  readonly columns: number;
  readonly lines: number;
  readonly unit: Unit;
  readonly paint: Paint;
}

/** How many have ended and how many there are, in words. */
export function countWords({ running, counts }: Rows): string {
  const { completed, failed, cancelled } = counts;
  const all = running + completed + failed + cancelled;
  return [
    `${completed} of ${all} done`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
  ].join(", ");
}

/** The state of everything, by what has ended if nothing better is known. */
function wholeOf(rows: Rows, whole: Progress | undefined): ProgressSnapshot {
  if (whole !== undefined) return whole.snapshot();
  const { completed, failed, cancelled } = rows.counts;
  const ended = completed + failed + cancelled;
  const total = ended + rows.running;
  return {
    status: "running",
    stage: undefined,
    completed: ended,
    total,
    fraction: total === 0 ? 0 : ended / total,
    rate: 0,
    eta: undefined,
    elapsed: 0,
  };
}

/** Whether there is more than one thing, so that a whole is worth a line. */
export function hasWhole({ running, counts }: Rows): boolean {
  const { completed, failed, cancelled } = counts;
  return running + completed + failed + cancelled > 1;
}

/** The rows that get a line, as they came, and how many don't. */
function chosen(rows: Rows, places: number): { shown: Row[]; hidden: number } {
  const shown: Row[] = [];
  let all = 0;
  for (const row of rows) {
    all++;
    if (shown.length < places) shown.push(row);
  }
  return { shown, hidden: all - shown.length };
}

/** Lays out what is shown: a line each, what is left out, and the whole. */
export function layout(
  rows: Rows,
  whole: Progress | undefined,
  { columns, lines, unit, paint }: LayoutOptions,
): string[] {
  // A line as wide as the terminal would be broken by some.
  const width = columns - 1;
  const total = lines > 1 && hasWhole(rows);
  const places = Math.max(1, lines - (total ? 1 : 0));
  let { shown, hidden } = chosen(rows, places);
  if (hidden > 0 && places > 1) {
    // One place is for the line that says so.
    ({ shown, hidden } = chosen(rows, places - 1));
  }
  const parts: BarLine[] = inOrder(shown).map(({ name, progress }) => ({
    name,
    snapshot: progress.snapshot(),
  }));
  const all: BarLine[] = total
    ? [{
      name: "all",
      snapshot: wholeOf(rows, whole),
      words: countWords(rows),
    }]
    : [];
  const longest = Math.max(
    0,
    ...[...parts, ...all].map(({ name }) => widthOf(printable(name))),
  );
  const share = shareOut(width, longest);
  const write = (line: BarLine) => barLine(line, share, { paint, unit });
  const more = fit(`  … and ${hidden} more`, width);
  return [
    ...parts.map(write),
    ...(hidden > 0 && lines > 2 ? [paint("dim", more)] : []),
    ...all.map(write),
  ];
}

/** Without what ended going to the end: a list that jumps can't be read. */
function inOrder(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => a.number - b.number);
}
