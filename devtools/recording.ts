/**
 * Records what happens to tasks, and shows it: as a page with a timeline, and
 * in the Trace Event Format.
 *
 * @module
 */

export { record } from "./recording/record.ts";
export type { RecordOptions } from "./recording/record.ts";
export { Recording } from "./recording/recording.ts";
export type { Span, WaitSpan } from "./recording/span.ts";
export type { TimelineHtmlOptions } from "./recording/timeline_html.ts";
export type {
  TraceEventEntry,
  TraceEventFile,
} from "./recording/trace_events.ts";
export type { ErrorText } from "./text/describe_error.ts";
export type { ReasonLink } from "./text/reason_chain.ts";
