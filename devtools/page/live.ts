import type { LiveData } from "../inspector/live_recording.ts";
import type { Span } from "../recording/span.ts";

/** The spans of a program as far as this page was told of them. */
export class Live {
  readonly #spans = new Map<string, Span>();

  whole(data: LiveData): void {
    this.#spans.clear();
    this.changes(data);
  }
  changes({ spans, gone }: LiveData): void {
    for (const span of spans) this.#spans.set(span.id, span);
    for (const id of gone) this.#spans.delete(id);
  }
  get spans(): Span[] {
    return [...this.#spans.values()];
  }
}

/** How long a task may run on after it was asked to stop, in milliseconds. */
const PATIENCE = 2_000;

/** After how long a task that runs is a suspect of a leak, in milliseconds. */
const OLD = 60_000;

/** What a person should look at, by what it is. */
export interface Notes {
  readonly stuck: readonly Span[];
  readonly old: readonly Span[];
}

/** Finds tasks that don't stop, and tasks that run for very long. */
export function notesOf(spans: readonly Span[], elapsed: number): Notes {
  const running = spans.filter(({ kind, end }) =>
    kind === "task" && end === undefined
  );
  return {
    stuck: running.filter(({ cancelledAt }) =>
      cancelledAt !== undefined && elapsed - cancelledAt > PATIENCE
    ),
    old: running.filter(({ begin }) => elapsed - begin > OLD),
  };
}
