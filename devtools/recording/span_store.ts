import type {
  CancellingEvent,
  EndedEvent,
  StartedEvent,
  TraceObserver,
  WaitEvent,
} from "@mdc/tasks/trace";
import { describeError } from "../text/describe_error.ts";
import { reasonChain } from "../text/reason_chain.ts";
import { shorten } from "../text/shorten.ts";
import type { Span, WaitSpan } from "./span.ts";

/** How much a store keeps. */
export interface StoreLimits {
  /** How many spans that have ended. */
  readonly spans: number;
  /** How many waits of each span. */
  readonly waits: number;
}

const LONGEST_NAME = 500;

/**
 * Makes spans of events. What runs is kept as long as it runs; of what has
 * ended, the newest: memory is bounded by the limits and by what the program
 * itself keeps running.
 */
export class SpanStore implements Required<TraceObserver> {
  readonly #limits: StoreLimits;
  /** The time of the clock that is zero in the spans. */
  readonly #zero: number;
  readonly #running = new Map<string, Span>();
  readonly #ended = new Map<string, Span>();
  readonly #waits = new Map<number, WaitSpan>();
  /** In which order spans began: many begin at the same time. */
  readonly #order = new WeakMap<Span, number>();
  #started = 0;
  readonly #changed: (span: Span) => void;
  readonly #forgotten: (id: string) => void;
  /** How many spans were dropped. */
  dropped = 0;

  /**
   * @param limits How much is kept.
   * @param zero The time of the clock that is zero in the spans.
   * @param changed Is told of each span that is new or has changed.
   * @param forgotten Is told of each span that is dropped.
   */
  constructor(
    limits: StoreLimits,
    zero: number,
    changed: (span: Span) => void = () => {},
    forgotten: (id: string) => void = () => {},
  ) {
    this.#limits = limits;
    this.#zero = zero;
    this.#changed = changed;
    this.#forgotten = forgotten;
  }

  /** All spans that are kept, in the order in which they began. */
  spans(): Span[] {
    const all = [...this.#ended.values(), ...this.#running.values()];
    const order = (span: Span) => this.#order.get(span) ?? 0;
    return all.sort((a, b) => order(a) - order(b));
  }

  started(event: StartedEvent): void {
    const { id, kind, owner, earlier, shielded, place } = event;
    const span: Span = {
      id,
      kind,
      name: shorten(event.name, LONGEST_NAME),
      ...(owner === undefined ? {} : { owner }),
      begin: this.#time(event.at),
      earlier,
      shielded,
      status: "running",
      ...(place === undefined ? {} : { place }),
      waits: [],
      droppedWaits: 0,
    };
    this.#order.set(span, ++this.#started);
    this.#running.set(id, span);
    this.#changed(span);
  }

  waiting({ id, at, wait, for: { kind, what, id: on } }: WaitEvent): void {
    const span = this.#running.get(id);
    if (span === undefined) return;
    const added: WaitSpan = {
      kind,
      what: shorten(what, LONGEST_NAME),
      ...(on === undefined ? {} : { on }),
      begin: this.#time(at),
    };
    this.#waits.set(wait, added);
    span.waits.push(added);
    this.#changed(span);
    if (span.waits.length <= this.#limits.waits) return;
    span.waits.shift();
    span.droppedWaits++;
  }

  resumed({ id, at, wait }: WaitEvent): void {
    const known = this.#waits.get(wait);
    if (known !== undefined) known.end = this.#time(at);
    this.#waits.delete(wait);
    const span = this.#running.get(id);
    if (span !== undefined) this.#changed(span);
  }

  cancelling({ id, at, reason }: CancellingEvent): void {
    const span = this.#running.get(id);
    if (span === undefined) return;
    span.status = "cancelling";
    span.cancelledAt = this.#time(at);
    span.reason = reasonChain(reason);
    this.#changed(span);
  }

  ended({ id, name, at, status, error, reason }: EndedEvent): void {
    const span = this.#running.get(id);
    if (span === undefined) return;
    this.#running.delete(id);
    // The tasks of map() are named after their items.
    span.name = shorten(name, LONGEST_NAME);
    span.end = this.#time(at);
    span.status = status;
    if (status === "failed") span.error = describeError(error);
    if (reason !== undefined) span.reason ??= reasonChain(reason);
    this.#ended.set(id, span);
    this.#changed(span);
    if (this.#ended.size <= this.#limits.spans) return;
    const [oldest] = this.#ended.keys();
    this.#ended.delete(oldest!);
    this.dropped++;
    this.#forgotten(oldest!);
  }

  #time(at: number): number {
    return at - this.#zero;
  }
}
