import type { ProgressSnapshot } from "@mdc/tasks";
import { printable } from "@mdc/tasks/trace";
import { clockText, partText, rateText, type Unit } from "./figures.ts";
import { type Paint, SIGNS } from "./style.ts";
import { column, columnRight, fit } from "./text_width.ts";

/** One line, before it is written. */
export interface BarLine {
  readonly name: string;
  readonly snapshot: ProgressSnapshot;
  /** Words at the end, in place of the stage. */
  readonly words?: string;
}

/** How the columns of all lines are shared out. */
export interface Columns {
  readonly name: number;
  readonly bar: number;
  readonly part: number;
  readonly rate: number;
  readonly eta: number;
  readonly words: number;
}

const [SIGN, PART, RATE, ETA] = [2, 8, 12, 9];

/** Shares out so many columns; in narrow ones the less important is left out. */
export function shareOut(width: number, longestName: number): Columns {
  const part = width < 12 ? 0 : width < 40 ? 6 : PART;
  const most = Math.max(Math.floor(width * 0.3), 8);
  const name = Math.min(longestName, most, Math.max(0, width - SIGN - part));
  let rest = width - SIGN - name - part;
  const take = (least: number, columns: number) => {
    if (rest < least + columns) return 0;
    rest -= columns;
    return columns;
  };
  const eta = take(8, ETA);
  const rate = take(30, RATE);
  // The words get what a bar of a good size leaves, if they can be read there.
  const good = Math.max(rest - 24, 6, rest >> 1);
  const words = rest - Math.min(30, good);
  const bar = Math.min(30, words < 12 ? rest : good);
  return {
    name,
    part,
    bar: bar < 4 ? 0 : bar,
    rate,
    eta,
    words: words < 12 ? 0 : words,
  };
}

function bar(
  { fraction, status }: ProgressSnapshot,
  columns: number,
  paint: Paint,
): string {
  if (columns < 2) return "";
  const width = columns - 1;
  if (fraction === undefined) return ` ${paint("dim", "╌".repeat(width))}`;
  const full = Math.floor(fraction * width);
  return ` ${paint(SIGNS[status].colour, "━".repeat(full))}${
    paint("dim", "─".repeat(width - full))
  }`;
}

/** Writes one line. */
export function barLine(
  { name, snapshot, words }: BarLine,
  columns: Columns,
  { paint, unit }: { paint: Paint; unit: Unit },
): string {
  const { status, stage, eta } = snapshot;
  const { sign, colour } = SIGNS[status];
  const running = status === "running";
  const left = running && eta !== undefined && eta > 0
    ? `${clockText(eta)} `
    : "";
  const last = words ??
    printable(running ? stage ?? "" : status === "completed" ? "" : status);
  const text = [
    paint(colour, sign),
    " ",
    column(printable(name), columns.name),
    bar(snapshot, columns.bar, paint),
    columnRight(partText(snapshot, unit), columns.part),
    paint("dim", columnRight(rateText(snapshot, unit), columns.rate)),
    columnRight(left.trim(), columns.eta),
  ].join("");
  const end = columns.words > 0 ? fit(`  ${last}`, columns.words) : "";
  return end.trim() === "" ? text : text + end;
}
