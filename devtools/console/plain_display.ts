import type { ProgressSnapshot } from "@mdc/tasks";
import { printable } from "@mdc/tasks/trace";
import type { Display, DisplayOptions } from "./display.ts";
import { amount, clockText, partText, rateText } from "./figures.ts";
import { countWords, hasWhole } from "./layout.ts";
import type { Row, Rows } from "./rows.ts";
import { SIGNS } from "./style.ts";

/** How long a row keeps quiet if its stage doesn't change, in milliseconds. */
const QUIET = 1_000;

/** What was last written of a row. */
interface Told {
  readonly at: number;
  readonly stage: string | undefined;
  readonly text: string;
}

/**
 * Progress as lines, for files and where nobody looks: one for each change of
 * a stage, else at most one a second for each task, and one for its end.
 */
export class PlainDisplay implements Display {
  readonly #options: DisplayOptions;
  readonly #now: () => number;
  readonly #told = new WeakMap<Row, Told>();

  constructor(options: DisplayOptions, now: () => number) {
    this.#options = options;
    this.#now = now;
  }

  changed(row: Row, snapshot: ProgressSnapshot): void {
    const { status, stage, completed } = snapshot;
    if (status !== "running") return this.#tellEnd(row, snapshot);
    const told = this.#told.get(row);
    // What has not begun has nothing to tell.
    if (told === undefined && stage === undefined && completed === 0) return;
    const due = told === undefined || stage !== told.stage ||
      this.#now() - told.at >= QUIET;
    if (due) this.#tell(row, snapshot);
  }

  frame(): boolean {
    return false;
  }

  end(rows: Rows): void {
    for (const row of rows) {
      const snapshot = row.progress.snapshot();
      const told = this.#told.get(row);
      if (snapshot.status !== "running" || told === undefined) continue;
      if (this.#text(row, snapshot) !== told.text) this.#tell(row, snapshot);
    }
    if (hasWhole(rows)) this.#write(`all: ${countWords(rows)}`);
  }

  #tell(row: Row, snapshot: ProgressSnapshot): void {
    const text = this.#text(row, snapshot);
    const { stage } = snapshot;
    this.#told.set(row, { at: this.#now(), stage, text });
    this.#write(text);
  }

  #tellEnd({ name }: Row, snapshot: ProgressSnapshot): void {
    const { status, completed, elapsed } = snapshot;
    const { unit, paint } = this.#options;
    const part = completed > 0 ? `, ${amount(completed, unit)}` : "";
    const seconds = (elapsed / 1000).toFixed(1);
    const word = paint(SIGNS[status].colour, status);
    this.#write(`${printable(name)}: ${word}${part} in ${seconds} s`);
  }

  #text({ name }: Row, snapshot: ProgressSnapshot): string {
    const { stage, eta } = snapshot;
    const { unit } = this.#options;
    const words = [
      stage === undefined ? "" : printable(stage),
      partText(snapshot, unit),
      rateText(snapshot, unit),
      eta === undefined || eta === 0 ? "" : `${clockText(eta)} left`,
    ].filter((word) => word !== "");
    return `${printable(name)}: ${words.join(", ")}`;
  }

  #write(line: string): void {
    this.#options.stream.write(`${line}\n`);
  }
}
