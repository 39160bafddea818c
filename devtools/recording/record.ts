import { currentTime } from "@mdc/tasks";
import { subscribe } from "@mdc/tasks/trace";
import { checkOptions, numberOption } from "../text/options.ts";
import { Recording } from "./recording.ts";
import { SpanStore } from "./span_store.ts";

/** Options of {@linkcode record}. */
export interface RecordOptions {
  /**
   * How many tasks, scopes and groups that have ended are kept; the oldest go
   * first, and the recording says how many went. Default: 100,000.
   */
  maxSpans?: number | undefined;
  /** How many waits are kept of each, the newest. Default: 100. */
  maxWaits?: number | undefined;
}

/**
 * Records what happens to the tasks of this process, from now on, in memory.
 *
 * @example
 * A recording of a program
 * ```ts
 * import { createTask, sleep } from "@mdc/tasks";
 * import { record } from "@mdc/devtools/recording";
 * import { assertEquals } from "@std/assert";
 *
 * const recording = record();
 * await createTask(() => sleep(5), { name: "nap" });
 * recording.stop();
 * const [span] = recording.spans();
 * assertEquals([span?.name, span?.status], ["nap", "completed"]);
 * // recording.toTimelineHtml() is a page, recording.toTraceEvents() a file
 * // for Perfetto.
 * ```
 *
 * @param options How much is kept.
 * @returns The recording; it is disposable.
 * @throws {TypeError} If an option is unknown or no number.
 * @throws {RangeError} If a limit is less than 1.
 */
export function record(options?: RecordOptions): Recording {
  const { maxSpans, maxWaits } = checkOptions(options, "record()", [
    "maxSpans",
    "maxWaits",
  ]);
  const store = new SpanStore({
    spans: numberOption(maxSpans, "maxSpans", { fallback: 100_000, least: 1 }),
    waits: numberOption(maxWaits, "maxWaits", { fallback: 100, least: 1 }),
  }, currentTime());
  return new Recording(store, subscribe(store));
}
