import process from "node:process";
import { atEnd } from "./at_end.ts";
import type { Display, DisplayOptions } from "./display.ts";
import { layout } from "./layout.ts";
import { LiveRegion } from "./live_region.ts";
import { CONSOLE, Others } from "./others.ts";
import { type OutputStream, sizeOf } from "./output_stream.ts";
import type { Rows } from "./rows.ts";
import type { Watched } from "./sources.ts";

/** Bars at the bottom of a terminal. */
export class LiveDisplay implements Display {
  readonly #options: DisplayOptions;
  readonly #region = new LiveRegion();
  readonly #others: Others;
  readonly #write: (text: string) => void;
  readonly #undo: (() => void)[] = [];
  #lines: readonly string[] = [];

  /** `touch` asks for a frame; `last` is called when the program ends. */
  constructor(options: DisplayOptions, touch: () => void, last: () => void) {
    this.#options = options;
    const { stream } = options;
    this.#others = new Others({
      before: () => this.#region.erase(this.#columns),
      after: (text) => {
        this.#region.written(text);
        return this.#region.draw(this.#lines, this.#columns);
      },
    });
    this.#write = this.#listen(stream);
    stream.on?.("resize", touch);
    this.#undo.push(
      () => stream.off?.("resize", touch),
      atEnd(() => {
        // It may be told several times: what stays is drawn once.
        if (this.#region.lines.length === 0) return;
        last();
        this.#put(this.#region.leave());
        this.#lines = [];
      }),
    );
  }

  changed(): void {}

  frame(rows: Rows, { whole }: Watched): boolean {
    const { stream, lines, unit, paint } = this.#options;
    const size = sizeOf(stream);
    // The cursor stands below the last line.
    const most = Math.max(1, Math.min(lines, size.rows - 1));
    const { columns } = size;
    this.#lines = layout(rows, whole, { columns, lines: most, unit, paint });
    this.#put(this.#region.draw(this.#lines, columns));
    let looked = 0;
    for (const { progress } of rows) {
      if (looked++ >= most) break;
      const { eta } = progress;
      if (eta !== undefined && eta > 0) return true;
    }
    return false;
  }

  end(rows: Rows, watched: Watched): void {
    try {
      this.frame(rows, watched);
      const { clear } = this.#options;
      const erased = clear ? this.#region.erase(this.#columns) : "";
      this.#put(erased + this.#region.leave());
    } finally {
      this.#others.release();
      for (const undo of this.#undo) undo();
    }
  }

  get #columns(): number {
    return sizeOf(this.#options.stream).columns;
  }

  /** Listens to what is written to this terminal; returns how to write past. */
  #listen(stream: OutputStream): (text: string) => void {
    const write = this.#others.stream(stream);
    const { stdout, stderr } = process;
    if (![stdout, stderr].includes(stream as typeof stdout)) return write;
    for (const name of ["stdout", "stderr"] as const) {
      const standard: OutputStream = process[name];
      if (standard !== stream && !standard.isTTY) continue;
      if (standard !== stream) this.#others.stream(standard);
      this.#others.console(CONSOLE[name], write);
    }
    return write;
  }

  #put(text: string): void {
    if (text !== "") this.#write(text);
  }
}
