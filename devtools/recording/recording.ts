import { currentTime } from "@mdc/tasks";
import type { TraceSubscription } from "@mdc/tasks/trace";
import type { Span } from "./span.ts";
import type { SpanStore } from "./span_store.ts";
import { timelineHtml, type TimelineHtmlOptions } from "./timeline_html.ts";
import { type TraceEventFile, traceEventFile } from "./trace_events.ts";

/** What {@linkcode record} gives. */
export class Recording implements Disposable {
  readonly #store: SpanStore;
  readonly #subscription: TraceSubscription;
  readonly #begun = currentTime();
  /** When the clock read zero, in milliseconds since the epoch. */
  readonly #epoch = Date.now();
  #elapsed: number | undefined;

  /** Internal: `record()` makes recordings. */
  constructor(store: SpanStore, subscription: TraceSubscription) {
    this.#store = store;
    this.#subscription = subscription;
  }

  /** How long it has recorded, in milliseconds. */
  get elapsed(): number {
    return this.#elapsed ?? currentTime() - this.#begun;
  }

  /** How many tasks, scopes and groups were dropped to bound the memory. */
  get dropped(): number {
    return this.#store.dropped;
  }

  /** Records nothing more; what was recorded stays. */
  stop(): void {
    this.#elapsed ??= currentTime() - this.#begun;
    this.#subscription.unsubscribe();
  }
  /** The same as `stop()`. */
  [Symbol.dispose](): void {
    this.stop();
  }

  /** What is kept, in the order in which it began, as copies. */
  spans(): Span[] {
    return this.#store.spans().map((span) => ({
      ...span,
      waits: span.waits.map((wait) => ({ ...wait })),
    }));
  }

  /**
   * The recording in the Trace Event Format, which Perfetto and
   * `chrome://tracing` open once it is written to a file by `JSON.stringify()`.
   */
  toTraceEvents(): TraceEventFile {
    const { elapsed, dropped } = this;
    return traceEventFile(this.#store.spans(), { elapsed, dropped });
  }

  /**
   * The recording as one page that needs nothing else and asks no network.
   *
   * @param options The title of the page.
   * @returns The HTML.
   */
  toTimelineHtml(options?: TimelineHtmlOptions): string {
    const { elapsed, dropped } = this;
    const spans = this.#store.spans();
    return timelineHtml(
      { spans, elapsed, dropped, epoch: this.#epoch },
      options,
    );
  }
}
