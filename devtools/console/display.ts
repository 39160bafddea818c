import type { ProgressSnapshot } from "@mdc/tasks";
import type { Unit } from "./figures.ts";
import type { OutputStream } from "./output_stream.ts";
import type { Row, Rows } from "./rows.ts";
import type { Paint } from "./style.ts";
import type { Watched } from "./sources.ts";

/** What a display has to do with. */
export interface DisplayOptions {
  readonly stream: OutputStream;
  readonly unit: Unit;
  readonly paint: Paint;
  /** How many lines there are at most. */
  readonly lines: number;
  /** Whether nothing stays at the end. */
  readonly clear: boolean;
}

/** One way to show progress. */
export interface Display {
  /** A row is new or has another state. */
  changed(row: Row, snapshot: ProgressSnapshot): void;
  /** Shows how things are; says whether a time is shown that goes on. */
  frame(rows: Rows, watched: Watched): boolean;
  /** Shows how things ended, and gives back what it took. */
  end(rows: Rows, watched: Watched): void;
}
