import { currentTask, currentTime, formatReason } from "@mdc/tasks";
import {
  type EndedEvent,
  type StartedEvent,
  subscribe,
  type TraceKind,
  type TraceSubscription,
} from "@mdc/tasks/trace";
import {
  type Context,
  type Exception,
  type Link,
  type Meter,
  metrics,
  type Span,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import { describeError } from "../text/describe_error.ts";
import { checkOptions, numberOption } from "../text/options.ts";
import { shorten } from "../text/shorten.ts";
import { makeInstruments } from "./instruments.ts";
import { type OpenSpans, openSpans } from "./open_spans.ts";
import { activeBelow } from "./task_context_manager.ts";

/** Options of {@linkcode instrument}. */
export interface InstrumentOptions {
  /** Makes the spans. Default: that of the global provider. */
  tracer?: Tracer | undefined;
  /** Makes the metrics. Default: that of the global provider. */
  meter?: Meter | undefined;
  /** What gets spans beside tasks. Default: nothing. */
  kinds?: readonly TraceKind[] | undefined;
  /**
   * After how many milliseconds a task that was asked to stop counts as stuck.
   * Default: 5000.
   */
  stuckAfter?: number | undefined;
}

const NAME = "@mdc/devtools";

/**
 * What makes times of the epoch of times of the monotonic clock. The offset is
 * taken once: whatever happens to the wall clock, durations stay right.
 */
function epochClock(): (at: number) => number {
  const zero = Date.now() - currentTime();
  return (at) => zero + at;
}

/**
 * Makes spans and metrics of tasks, for whatever SDK of OpenTelemetry is
 * registered.
 *
 * - A task is a span, its owner's span is its parent; what belongs to nobody
 *   is a child of the span that was active when it was created. A detached
 *   task has a link to the task that started it instead.
 * - A failure is the span's error. A cancellation is an event of the span, with
 *   the whole chain of reasons, and no error.
 * - Metrics: `mdc.tasks.started`, `mdc.tasks.ended` by status,
 *   `mdc.tasks.cancel_requests` by the kind of the reason, `mdc.tasks.running`,
 *   `mdc.tasks.stuck`, `mdc.task.duration` in seconds.
 *
 * Register {@linkcode taskContextManager} so that spans which others start in a
 * task become its children.
 *
 * @example
 * Spans of a program
 * ```ts
 * import { createTask } from "@mdc/tasks";
 * import { instrument } from "@mdc/devtools/otel";
 *
 * const instrumentation = instrument();
 * await createTask(() => {}, { name: "work" });
 * instrumentation[Symbol.dispose]();
 * ```
 *
 * @param options Who makes spans and metrics, and of what.
 * @returns What ends it; it is disposable. Spans of what still runs are ended.
 * @throws {TypeError} If an option is unknown or of the wrong type.
 * @throws {RangeError} If `stuckAfter` is negative.
 */
export function instrument(options?: InstrumentOptions): TraceSubscription {
  const { tracer, meter, kinds = [], stuckAfter } = checkOptions(
    options,
    "instrument()",
    ["tracer", "meter", "kinds", "stuckAfter"],
  );
  const patience = numberOption(stuckAfter, "stuckAfter", {
    fallback: 5_000,
    least: 0,
  });
  const shown = new Set<TraceKind>(["task", ...kinds]);
  const makes = tracer ?? trace.getTracer(NAME);
  const epochOf = epochClock();
  const spans: OpenSpans = new Map();
  /** Owners, of all kinds: a scope without a span stands between two tasks. */
  const owners = new Map<string, string | undefined>();
  const begun = new Map<string, number>();
  const asked = new Map<string, number>();
  const instruments = makeInstruments(meter ?? metrics.getMeter(NAME), {
    stuck: () => {
      const due = currentTime() - patience;
      return [...asked.values()].filter((at) => at <= due).length;
    },
  });
  openSpans.add(spans);

  const ownerSpan = (id: string): Span | undefined => {
    let at = owners.get(id);
    while (at !== undefined) {
      const open = spans.get(at);
      if (open !== undefined) return open.span;
      at = owners.get(at);
    }
    return undefined;
  };
  const begin = (event: StartedEvent) => {
    const createdIn = activeBelow();
    const owner = ownerSpan(event.id);
    const { parent, links } = owner === undefined
      ? unowned(createdIn, event, spans)
      : { parent: trace.setSpan(createdIn, owner), links: [] };
    const span = makes.startSpan(shorten(event.name, 200), {
      startTime: epochOf(event.at),
      attributes: { "mdc.id": event.id, "mdc.kind": event.kind },
      links,
    }, parent);
    spans.set(event.id, { span, createdIn });
  };
  const subscription = subscribe({
    started(event) {
      owners.set(event.id, event.owner);
      if (event.kind === "task") {
        begun.set(event.id, event.at);
        instruments.started();
      }
      if (shown.has(event.kind)) begin(event);
    },
    cancelling({ id, kind, at, reason }) {
      if (kind === "task") {
        asked.set(id, at);
        instruments.cancelling(reason.kind);
      }
      spans.get(id)?.span.addEvent("cancel requested", {
        "mdc.reason": shorten(formatReason(reason), 1_000),
        "mdc.reason.kind": reason.kind,
      }, epochOf(at));
    },
    ended(event) {
      const { id, kind, at } = event;
      owners.delete(id);
      asked.delete(id);
      if (kind === "task") {
        instruments.ended(event, at - (begun.get(id) ?? at));
        begun.delete(id);
      }
      const open = spans.get(id);
      spans.delete(id);
      if (open !== undefined) finish(open.span, event, epochOf(at));
    },
  });
  const unsubscribe = () => {
    subscription.unsubscribe();
    openSpans.delete(spans);
    instruments.stop();
    for (const { span } of spans.values()) span.end();
    spans.clear();
  };
  return { unsubscribe, [Symbol.dispose]: unsubscribe };
}

/** Where the span of something hangs that belongs to nobody. */
function unowned(
  createdIn: Context,
  { earlier }: StartedEvent,
  spans: OpenSpans,
): { parent: Context; links: Link[] } {
  // A task that was there before has no creator that could be asked.
  const creator = earlier ? undefined : currentTask();
  const open = creator && spans.get(String(creator.id));
  if (open === undefined) return { parent: createdIn, links: [] };
  const links = [{ context: open.span.spanContext() }];
  return { parent: trace.deleteSpan(createdIn), links };
}

function finish(span: Span, event: EndedEvent, at: number): void {
  const { name, status, error } = event;
  // The tasks of map() are named after their items.
  span.updateName(shorten(name, 200));
  span.setAttribute("mdc.status", status);
  if (status === "failed") {
    const described = describeError(error);
    const { message } = described;
    span.recordException(described as Exception, at);
    span.setStatus({ code: SpanStatusCode.ERROR, message });
  }
  span.end(at);
}
