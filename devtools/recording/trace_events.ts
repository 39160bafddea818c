import { inTreeOrder } from "./in_tree_order.ts";
import type { Span } from "./span.ts";

/** One event of the Trace Event Format. */
export interface TraceEventEntry {
  /** What it is. */
  readonly name: string;
  /** `M` metadata, `X` a slice, `b` and `e` overlapping ones, `s` and `f` a flow. */
  readonly ph: "M" | "X" | "b" | "e" | "s" | "f" | "i";
  /** The process: always the same. */
  readonly pid: number;
  /** The row. */
  readonly tid: number;
  /** When, in microseconds. */
  readonly ts?: number;
  /** How long, in microseconds. */
  readonly dur?: number;
  /** `task`, `scope`, `group`, `wait` or `cancel`. */
  readonly cat?: string;
  /** What joins a beginning and its end. */
  readonly id?: string;
  /** `e`: the flow ends in the slice around it. */
  readonly bp?: "e";
  /** `t`: an instant of its row. */
  readonly s?: "t";
  /** What is shown of it. */
  readonly args?: Readonly<Record<string, unknown>>;
}

/** A file in the Trace Event Format, as an object. */
export interface TraceEventFile {
  /** The events, a row after the other. */
  readonly traceEvents: readonly TraceEventEntry[];
  /** In what times are shown. */
  readonly displayTimeUnit: "ms";
  /** Who wrote it, and how many spans were dropped. */
  readonly otherData: Readonly<Record<string, string | number>>;
}

/** What is known of a recording beside its spans. */
export interface RecordingFacts {
  /** How long it is, in milliseconds. */
  readonly elapsed: number;
  /** How many spans were dropped. */
  readonly dropped: number;
}

const PID = 1;

const micro = (ms: number): number => Math.round(ms * 1000);

function argumentsOf(span: Span): Record<string, unknown> {
  const { id, kind, status, owner, reason, error, place } = span;
  return { id, kind, status, owner, reason, error, place };
}

/** Waits that overlap another one of their task can't be slices of its row. */
function waitEvents(
  { id, waits }: Span,
  tid: number,
  end: number,
): TraceEventEntry[] {
  const events: TraceEventEntry[] = [];
  let free = -Infinity;
  for (const [index, wait] of waits.entries()) {
    const until = Math.min(wait.end ?? end, end);
    const name = `waits: ${wait.what}`;
    const common = { name, cat: "wait", pid: PID, tid, ts: micro(wait.begin) };
    const args = { for: wait.kind, on: wait.on };
    if (wait.begin >= free) {
      const dur = micro(until - wait.begin);
      events.push({ ...common, ph: "X", dur, args });
      free = until;
    } else {
      const flow = `${id}:${index}`;
      events.push({ ...common, ph: "b", id: flow, args });
      events.push({ ...common, ph: "e", id: flow, ts: micro(until) });
    }
  }
  return events;
}

/** An arrow from the row of whoever asked to the row of who was cancelled. */
function cancelFlow(
  { id, reason, cancelledAt }: Span,
  tid: number,
  rows: ReadonlyMap<string, { tid: number; span: Span }>,
): TraceEventEntry[] {
  if (cancelledAt === undefined) return [];
  const ts = micro(cancelledAt);
  const common = { name: "cancel", cat: "cancel", pid: PID, ts };
  const instant: TraceEventEntry = { ...common, ph: "i", s: "t", tid };
  const source = rows.get(reason?.[0]?.source?.id ?? "");
  if (source === undefined || source.tid === tid) return [instant];
  // A flow starts in a slice: the source must have run at that time.
  const { begin, end = Infinity } = source.span;
  if (cancelledAt < begin || cancelledAt > end) return [instant];
  return [
    instant,
    { ...common, ph: "s", tid: source.tid, id: `cancel:${id}` },
    { ...common, ph: "f", bp: "e", tid, id: `cancel:${id}` },
  ];
}

/** The spans as a file in the Trace Event Format: a row each, in tree order. */
export function traceEventFile(
  spans: readonly Span[],
  { elapsed, dropped }: RecordingFacts,
): TraceEventFile {
  const placed = inTreeOrder(spans);
  const rows = new Map(
    placed.map(({ span }, index) => [span.id, { tid: index + 1, span }]),
  );
  const events: TraceEventEntry[] = [{
    name: "process_name",
    ph: "M",
    pid: PID,
    tid: 0,
    args: { name: "tasks" },
  }];
  for (const { span, depth } of placed) {
    const { tid } = rows.get(span.id)!;
    const meta = { ph: "M", pid: PID, tid } as const;
    const indent = "  ".repeat(Math.min(depth, 20));
    const name = `${indent}${span.name}`;
    events.push(
      { ...meta, name: "thread_name", args: { name } },
      { ...meta, name: "thread_sort_index", args: { sort_index: tid } },
      {
        name: span.name,
        cat: span.kind,
        ph: "X",
        pid: PID,
        tid,
        ts: micro(span.begin),
        dur: micro((span.end ?? elapsed) - span.begin),
        args: argumentsOf(span),
      },
      ...waitEvents(span, tid, span.end ?? elapsed),
      ...cancelFlow(span, tid, rows),
    );
  }
  return {
    traceEvents: events,
    displayTimeUnit: "ms",
    otherData: { recorder: "@mdc/devtools", dropped },
  };
}
