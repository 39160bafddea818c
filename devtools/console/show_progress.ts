import { InvalidStateError } from "@mdc/tasks";
import process from "node:process";
import { checkOptions, numberOption } from "../text/options.ts";
import type { Display, DisplayOptions } from "./display.ts";
import { lookFor } from "./environment.ts";
import type { Unit } from "./figures.ts";
import { LiveDisplay } from "./live_display.ts";
import type { OutputStream } from "./output_stream.ts";
import { Pacer, realTimers, type Timers } from "./pacer.ts";
import { PlainDisplay } from "./plain_display.ts";
import { Rows } from "./rows.ts";
import { type ShownSource, watchSource } from "./sources.ts";
import { painter } from "./style.ts";

/** Options of {@linkcode showProgress}. */
export interface ShowProgressOptions {
  /** Where it is shown. Default: `process.stderr`. */
  stream?: OutputStream | undefined;
  /**
   * Whether bars move; otherwise plain lines are written. Default: if the
   * stream is a terminal and neither `CI` nor `TERM=dumb` is set.
   */
  live?: boolean | undefined;
  /** What is counted: `bytes` are shown as KiB and MiB. Default: `items`. */
  unit?: Unit | undefined;
  /**
   * How many lines the bars take at most, with the one that says how many more
   * there are and the one of the whole. Default: 16; never more than there are.
   */
  lines?: number | undefined;
  /** Whether the bars disappear at the end. Default: `false`. */
  clear?: boolean | undefined;
}

/** Progress that is shown. */
export interface ProgressDisplay extends Disposable {
  /** Shows the last state and stops. Does nothing when called again. */
  stop(): void;
}

/** The terminals that have bars: there is one cursor in each. */
const taken = new WeakSet<OutputStream>();

function checkFlag(value: unknown, name: string): void {
  if (value === undefined || typeof value === "boolean") return;
  throw new TypeError(
    `Cannot use ${name}: expected true or false, received ${String(value)}`,
  );
}

function checkUnit(unit: unknown): void {
  if (unit === "bytes" || unit === "items") return;
  throw new TypeError(
    `Cannot use unit: expected "bytes" or "items", received ${String(unit)}`,
  );
}

/**
 * Shows how far work is, live: a bar a task with rate, time left and stage, and
 * one of the whole.
 *
 * - Without a source it shows all tasks that report progress. Of a tracker it
 *   shows the tasks and the whole: what has ended makes room. What is given as
 *   an array stays. A group is one bar, the sum over its children.
 * - What else is written to the terminal, by `console.log()`, `process.stdout`
 *   and `process.stderr`, goes above the bars.
 * - The cursor is hidden, and shown again however the program ends: a signal,
 *   `process.exit()`, an error that nobody catches.
 * - Where there is no terminal, or `CI` is set, lines are written: one for each
 *   change of a stage, else at most one a second for each task, and one for
 *   its end. `NO_COLOR` and `FORCE_COLOR` are respected.
 * - It draws at most some twelve times a second, and has no timer while nothing
 *   changes. It doesn't keep the program alive.
 * - Names and stages are data: escape sequences in them are written out.
 *
 * @example
 * Two downloads, as lines
 * ```ts
 * import { Progress } from "@mdc/tasks";
 * import { showProgress } from "@mdc/devtools/console";
 * import { assertMatch } from "@std/assert";
 *
 * let text = "";
 * const stream = { write: (chunk: string) => (text += chunk).length > 0 };
 * const one = new Progress({ total: 4, stage: "download" });
 * const two = new Progress({ total: 2, stage: "download" });
 * const display = showProgress([
 *   { name: "one.bin", progress: one },
 *   { name: "two.bin", progress: two },
 * ], { stream });
 * one.update({ completed: 4 });
 * one.finish();
 * display.stop();
 * assertMatch(text, /^one\.bin: download, 0 %\ntwo\.bin: download, 0 %\n/);
 * assertMatch(text, /one\.bin: completed, 4 in .* s\nall: 1 of 2 done\n$/);
 * ```
 *
 * @param source What to show: a `Progress`, a task, a group, a tracker, an
 * array of those, each with or without a `name`; or nothing for all tasks.
 * @param options Where and how.
 * @returns What ends it; it is disposable.
 * @throws {TypeError} If the source has no progress or an option is wrong.
 * @throws {RangeError} If `lines` is less than 1.
 * @throws {InvalidStateError} If the terminal has bars already.
 */
export function showProgress(
  source?: ShownSource,
  options?: ShowProgressOptions,
): ProgressDisplay {
  return show(source, options, realTimers);
}

/** The same, on timers of one's own. */
export function show(
  source: ShownSource | undefined,
  options: ShowProgressOptions | undefined,
  timers: Timers,
): ProgressDisplay {
  const { stream = process.stderr, live, unit = "items", lines, clear } =
    checkOptions(options, "showProgress()", [
      "stream",
      "live",
      "unit",
      "lines",
      "clear",
    ]);
  if (typeof stream?.write !== "function") {
    throw new TypeError("Cannot use stream: expected what has a write()");
  }
  checkFlag(live, "live");
  checkFlag(clear, "clear");
  checkUnit(unit);
  const most = numberOption(lines, "lines", { fallback: 16, least: 1 });
  const look = lookFor(stream, live);
  if (look.live && taken.has(stream)) {
    throw new InvalidStateError(
      "Cannot show progress: this terminal has bars already",
    );
  }

  const shared: DisplayOptions = {
    stream,
    unit,
    paint: painter(look.colour),
    lines: most,
    clear: clear === true,
  };
  let broken = false;
  /** A terminal that is gone must not break whoever reports progress. */
  const guarded = (write: () => boolean | void): boolean => {
    try {
      return write() === true;
    } catch (error) {
      if (!broken) console.error("Cannot show progress (told once):", error);
      broken = true;
      return false;
    }
  };
  const now = () => timers.now();
  const pacer = new Pacer(() =>
    guarded(() => {
      const again = watched.look();
      return display.frame(rows, watched) || again;
    }), timers);
  const touch = () => pacer.touch();
  const plain = look.live ? undefined : new PlainDisplay(shared, now);
  let begun = false;
  const rows = new Rows({
    changed(row, snapshot) {
      guarded(() => plain?.changed(row, snapshot));
      if (begun) touch();
    },
  });
  // Throws if the source is none: nothing was taken yet.
  const watched = watchSource(source, rows, { changed: touch, now });
  const display: Display = plain ?? new LiveDisplay(shared, touch, () => {
    pacer.stop();
    display.frame(rows, watched);
  });
  if (look.live) taken.add(stream);
  begun = true;
  touch();

  let over = false;
  const stop = () => {
    if (over) return;
    over = true;
    pacer.stop();
    guarded(() => watched.look());
    watched.release();
    rows.release();
    guarded(() => display.end(rows, watched));
    taken.delete(stream);
  };
  return { stop, [Symbol.dispose]: stop };
}
