import { default as stringWidth } from "string-width";

const ESCAPE = "\u001b[";

/**
 * What a terminal shows of what is written to it: as much of one as progress
 * uses. Lines that leave it at the top are kept.
 */
export class Screen {
  readonly isTTY = true;
  columns: number;
  rows: number;
  cursor: "shown" | "hidden" = "shown";
  /** Everything that was written. */
  raw = "";
  readonly #lines: string[][] = [[]];
  #row = 0;
  #column = 0;
  readonly #resized = new Set<() => void>();

  constructor(columns = 80, rows = 24) {
    this.columns = columns;
    this.rows = rows;
  }

  readonly write = (chunk: string | Uint8Array): boolean => {
    const text = typeof chunk === "string"
      ? chunk
      : new TextDecoder().decode(chunk);
    this.raw += text;
    // deno-lint-ignore no-control-regex
    for (const [part] of text.matchAll(/\u001b\[[?\d;]*[A-Za-z]|[^]/gu)) {
      this.#put(part);
    }
    return true;
  };

  on(_event: "resize", listener: () => void): void {
    this.#resized.add(listener);
  }
  off(_event: "resize", listener: () => void): void {
    this.#resized.delete(listener);
  }
  /** How many listen for a new size. */
  get listeners(): number {
    return this.#resized.size;
  }

  /** Makes it as wide as that; lines that are too wide are broken. */
  resize(columns: number): void {
    const above = this.#lines.slice(0, this.#row);
    const rest = this.#lines.slice(this.#row);
    const broken = above.flatMap((line) => {
      const parts: string[][] = [[]];
      for (const cell of line) {
        if (parts.at(-1)!.length >= columns) parts.push([]);
        parts.at(-1)!.push(cell);
      }
      return parts;
    });
    this.#lines.splice(0, this.#lines.length, ...broken, ...rest);
    this.#row = broken.length;
    this.columns = columns;
    for (const listener of this.#resized) listener();
  }

  /** The lines, without spaces at their ends and empty ones at the end. */
  get text(): string[] {
    const lines = this.#lines.map((line) => line.join("").trimEnd());
    while (lines.at(-1) === "") lines.pop();
    return lines;
  }

  #put(part: string): void {
    if (part.startsWith(ESCAPE)) return this.#control(part);
    if (part === "\n") {
      this.#column = 0; // As the terminal driver does.
      this.#row++;
    } else if (part === "\r") this.#column = 0;
    else {
      const width = stringWidth(part);
      if (this.#column + width > this.columns) {
        this.#column = 0;
        this.#row++;
      }
      this.#line[this.#column] = part;
      if (width === 2) this.#line[this.#column + 1] = "";
      this.#column += width;
    }
    void this.#line;
  }

  get #line(): string[] {
    while (this.#lines.length <= this.#row) this.#lines.push([]);
    const line = this.#lines[this.#row]!;
    while (line.length < this.#column) line.push(" ");
    return line;
  }

  #control(sequence: string): void {
    const count = Number(sequence.slice(2, -1)) || 1;
    if (sequence === "\u001b[?25l") this.cursor = "hidden";
    else if (sequence === "\u001b[?25h") this.cursor = "shown";
    else if (sequence.endsWith("A")) {
      const top = Math.max(0, this.#lines.length - this.rows);
      this.#row = Math.max(top, this.#row - count);
    } else if (sequence.endsWith("G")) this.#column = count - 1;
    else if (sequence.endsWith("K")) this.#line.length = this.#column;
    else if (sequence.endsWith("J")) {
      this.#line.length = this.#column;
      this.#lines.length = this.#row + 1;
    } else if (!sequence.endsWith("m")) {
      throw new Error(`unknown sequence ${JSON.stringify(sequence)}`);
    }
  }
}
