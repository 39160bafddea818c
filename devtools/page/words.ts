import type { Span } from "../recording/span.ts";
import { timeText } from "./time_window.ts";

/** How a span is shown: a sign and a word, so that no colour is needed. */
export interface Look {
  readonly sign: string;
  readonly word: string;
}

const LOOKS: Readonly<Record<Span["status"], Look>> = {
  running: { sign: "▶", word: "running" },
  cancelling: { sign: "◌", word: "asked to stop, still running" },
  completed: { sign: "✓", word: "completed" },
  failed: { sign: "✗", word: "failed" },
  cancelled: { sign: "⊘", word: "cancelled" },
};

/** What the status of a span looks like. */
export function lookOf({ status }: Span): Look {
  return LOOKS[status];
}

/** All looks, for the legend. */
export const LEGEND: readonly (readonly [Span["status"], Look])[] = Object
  .entries(LOOKS) as [Span["status"], Look][];

/** How long a span took, or has taken by now. */
export function durationOf({ begin, end }: Span, elapsed: number): number {
  return (end ?? elapsed) - begin;
}

/** A row in words, for those who hear the page. */
export function rowLabel(span: Span, elapsed: number): string {
  const parts = [
    span.name,
    span.kind,
    lookOf(span).word,
    timeText(durationOf(span, elapsed)),
    ...(span.shielded ? ["shielded"] : []),
  ];
  return parts.join(", ");
}
