import { columnAfter, widthOf } from "./text_width.ts";

const CURSOR = { hide: "\u001b[?25l", show: "\u001b[?25h" };

/** Clears from the cursor to the end of the screen, or of the line. */
const CLEAR = { screen: "\u001b[J", line: "\u001b[K" };

/**
 * The lines at the bottom of a terminal that are drawn again and again, below
 * what else is written. It says which characters do that; who uses it writes
 * them.
 */
export class LiveRegion {
  #lines: readonly string[] = [];
  #hidden = false;
  /** Where a line of others, which they haven't ended, stops; 0 if none. */
  #open = 0;

  /** Draws these lines in place of those that are there. */
  draw(lines: readonly string[], columns: number): string {
    if (lines.length === 0 && this.#lines.length === 0) return "";
    const start = this.#lines.length > 0
      ? this.#top(columns)
      : this.#open > 0
      ? "\n"
      : "";
    this.#lines = lines;
    const hide = this.#hidden ? "" : CURSOR.hide;
    this.#hidden = true;
    return [
      hide,
      start,
      ...lines.map((line) => `${line}${CLEAR.line}\n`),
      CLEAR.screen,
    ].join("");
  }

  /** Makes room for what others write. */
  erase(columns: number): string {
    if (this.#lines.length === 0) return "";
    const top = this.#top(columns);
    const column = this.#open % columns;
    // A line that is full goes on in the next one anyway.
    const back = column === 0 ? "" : `\u001b[1A\u001b[${column + 1}G`;
    this.#lines = [];
    return `${top}${CLEAR.screen}${back}`;
  }

  /** Others have written this. */
  written(text: string): void {
    this.#open = columnAfter(text, this.#open);
  }

  /** What is drawn stays for good. */
  leave(): string {
    const show = this.#hidden ? CURSOR.show : "";
    if (this.#lines.length > 0) this.#open = 0;
    this.#lines = [];
    this.#hidden = false;
    return show;
  }

  /** What is drawn, to be drawn again below what others write. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** To where the first line begins. */
  #top(columns: number): string {
    // A terminal that has become narrower has broken the lines.
    const rows = this.#lines.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns)),
      0,
    );
    return `\r\u001b[${rows}A`;
  }
}
