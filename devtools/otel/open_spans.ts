import type { Context, Span } from "@opentelemetry/api";

/** The span of a task that runs. */
export interface OpenSpan {
  readonly span: Span;
  /**
   * The context in which the task was created, as the context manager below
   * knows it. Code of the task that runs in another one has entered that
   * itself.
   */
  readonly createdIn: Context;
}

/** The spans of what runs, by the id of the task, scope or group. */
export type OpenSpans = Map<string, OpenSpan>;

/** The spans of those who instrument, for the context managers. */
export const openSpans: Set<OpenSpans> = new Set();

/** The span of a task, if somebody instruments. */
export function openSpanOf(id: string): OpenSpan | undefined {
  for (const spans of openSpans) {
    const found = spans.get(id);
    if (found !== undefined) return found;
  }
  return undefined;
}
