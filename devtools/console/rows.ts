import type { Progress, ProgressSnapshot } from "@mdc/tasks";

/** One piece of work that is shown. */
export interface Row {
  readonly name: string;
  readonly progress: Progress;
  /** Whether it stays when it has ended. */
  readonly keep: boolean;
  /** In which order it came. */
  readonly number: number;
}

/** Who is told of rows. */
export interface RowListener {
  /** A row is new, or has another state. */
  changed(row: Row, snapshot: ProgressSnapshot): void;
}

/** How many pieces of work have ended, by how. */
export interface Counts {
  completed: number;
  failed: number;
  cancelled: number;
}

/** The pieces of work that are shown, in the order in which they came. */
export class Rows {
  readonly #listener: RowListener;
  readonly #known = new WeakSet<Progress>();
  readonly #rows = new Map<Row, () => void>();
  readonly #ended = new Set<Row>();
  #last = 0;
  readonly counts: Counts = { completed: 0, failed: 0, cancelled: 0 };

  constructor(listener: RowListener) {
    this.#listener = listener;
  }

  /** How many run. */
  get running(): number {
    return this.#rows.size;
  }

  /** Adds a piece of work, unless it is there. */
  add(work: Omit<Row, "number">): void {
    const { progress } = work;
    if (this.#known.has(progress)) return;
    this.#known.add(progress);
    const row: Row = { ...work, number: this.#last++ };
    if (progress.status === "running") {
      const unsubscribe = progress.subscribe((snapshot) => {
        if (snapshot.status !== "running") this.#end(row);
        this.#listener.changed(row, snapshot);
      });
      this.#rows.set(row, unsubscribe);
    } else this.#end(row);
    this.#listener.changed(row, progress.snapshot());
  }

  /** Those that run, and then those that have ended and stay. */
  *[Symbol.iterator](): Generator<Row> {
    yield* this.#rows.keys();
    yield* this.#ended;
  }

  /** Listens to nothing any more. */
  release(): void {
    for (const unsubscribe of this.#rows.values()) unsubscribe();
  }

  #end(row: Row): void {
    this.#rows.get(row)?.();
    this.#rows.delete(row);
    if (row.keep) this.#ended.add(row);
    const { status } = row.progress;
    if (status !== "running") this.counts[status]++;
  }
}
