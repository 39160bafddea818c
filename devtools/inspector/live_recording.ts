import { configure, currentTime, type UnobservedFailure } from "@mdc/tasks";
import { subscribe } from "@mdc/tasks/trace";
import type { Span } from "../recording/span.ts";
import { SpanStore } from "../recording/span_store.ts";
import { describeError, type ErrorText } from "../text/describe_error.ts";
import { shorten } from "../text/shorten.ts";

/** A failure that nobody looked at. */
export interface FailureNote {
  readonly id: string;
  readonly name: string;
  readonly error: ErrorText;
}

/** What a viewer is told: everything, or what is new. */
export interface LiveData {
  /** All spans, or those that are new or have changed. */
  readonly spans: readonly Span[];
  readonly elapsed: number;
  readonly dropped: number;
  /** The ids of spans that are kept no more. */
  readonly gone: readonly string[];
  /** The last failures that nobody looked at. */
  readonly failures: readonly FailureNote[];
  /** When the recording began, in milliseconds since the epoch. */
  readonly epoch: number;
  readonly allowCancel: boolean;
}

/** How many failures are kept. */
const MOST_FAILURES = 100;

/** What happens, for viewers who come and go. */
export class LiveRecording {
  readonly #store: SpanStore;
  readonly #changed = new Map<string, Span>();
  readonly #failures: FailureNote[] = [];
  readonly #begun = currentTime();
  readonly #epoch = Date.now();
  readonly #allowCancel: boolean;
  readonly #end: () => void;
  #gone: string[] = [];

  constructor(
    { maxSpans, allowCancel, onChange }: {
      maxSpans: number;
      allowCancel: boolean;
      /** Returns whether anybody will be told. */
      onChange: () => boolean;
    },
  ) {
    this.#allowCancel = allowCancel;
    const changed = (span: Span) => {
      this.#changed.set(span.id, span);
      if (!onChange()) this.forget();
    };
    this.#store = new SpanStore(
      { spans: maxSpans, waits: 20 },
      this.#begun,
      changed,
      (id) => this.#gone.push(id),
    );
    const subscription = subscribe(this.#store);
    const { onUnobservedFailure } = configure({});
    const hook = (failure: UnobservedFailure) => {
      const { id, name, error } = failure;
      this.#failures.push({
        id: String(id),
        name: shorten(name, 200),
        error: describeError(error),
      });
      if (this.#failures.length > MOST_FAILURES) this.#failures.shift();
      onChange();
      onUnobservedFailure(failure);
    };
    configure({ onUnobservedFailure: hook });
    this.#end = () => {
      subscription.unsubscribe();
      // Another hook that was set since stays.
      if (configure({}).onUnobservedFailure === hook) {
        configure({ onUnobservedFailure });
      }
    };
  }

  whole(): LiveData {
    return this.#data(this.#store.spans(), []);
  }
  changes(): LiveData {
    const data = this.#data([...this.#changed.values()], this.#gone);
    this.forget();
    return data;
  }
  /** Nobody watches: what has changed is told to nobody. */
  forget(): void {
    this.#changed.clear();
    this.#gone = [];
  }
  stop(): void {
    this.#end();
  }

  #data(spans: readonly Span[], gone: readonly string[]): LiveData {
    return {
      spans,
      elapsed: currentTime() - this.#begun,
      dropped: this.#store.dropped,
      gone,
      failures: this.#failures,
      epoch: this.#epoch,
      allowCancel: this.#allowCancel,
    };
  }
}
