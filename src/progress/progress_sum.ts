import { Progress } from "./progress.ts";

/**
 * What the parts know of a sum. They outlive it, and must not keep it alive,
 * unless somebody observes the whole: then it works as long as they do.
 */
interface Hold {
  readonly weak: WeakRef<ProgressSum>;
  strong: ProgressSum | undefined;
}

/** What unsubscribes a sum from the parts that still run. */
type Releases = Map<Progress, () => void>;

let forgotten: FinalizationRegistry<Releases> | undefined;

/** Unsubscribes from the parts when a sum was dropped. */
function registry(): FinalizationRegistry<Releases> {
  return forgotten ??= new FinalizationRegistry((releases) => {
    for (const release of releases.values()) release();
  });
}

/** What a sum has counted of one part. */
type Counted = Pick<Progress, "completed" | "total" | "status">;

/** Keeps the progress of a whole up to date with that of its parts. */
export class ProgressSum {
  readonly whole: Progress = new Progress();
  readonly #parts = new WeakMap<Progress, Counted>();
  readonly #releases: Releases = new Map();
  readonly #hold: Hold = { weak: new WeakRef(this), strong: undefined };
  /** How many parts there are in each state. */
  readonly #states = { running: 0, completed: 0, failed: 0, cancelled: 0 };
  #count = 0;
  /** How many parts don't know their total. */
  #open = 0;
  #completed = 0;
  #total = 0;
  #sealed = false;

  constructor() {
    const hold = this.#hold;
    // Whoever has the whole has the sum; the whole keeps it alive.
    this.whole["~watched"] = (watched) => {
      hold.strong = watched ? this : undefined;
    };
    registry().register(this, this.#releases);
  }

  /** Adds one more part; a part that is added twice counts once. */
  add(part: Progress): void {
    if (this.#parts.has(part)) return;
    this.#parts.set(part, {
      completed: 0,
      total: undefined,
      status: "running",
    });
    this.#count++;
    this.#open++;
    this.#states.running++;
    if (part.status === "running") {
      // What a part calls refers to the hold, not to the sum.
      const hold = this.#hold;
      const tell = () => {
        const sum = hold.weak.deref();
        if (sum !== undefined) sum.#changed(part);
      };
      this.#releases.set(part, part.subscribe(tell));
    }
    this.#changed(part);
  }

  /** No more parts will come: the whole ends when the last of them has. */
  seal(): void {
    this.#sealed = true;
    this.#finish();
  }

  /**
   * Brings the sums up to date with one part. Only differences are added, so
   * that a change costs the same however many parts there are.
   */
  #changed(part: Progress): void {
    const before = this.#parts.get(part) as Counted;
    const { completed, total = before.total, status } = part;
    this.#parts.set(part, { completed, total, status });
    this.#completed += completed - before.completed;
    this.#total += (total ?? 0) - (before.total ?? 0);
    if (total !== before.total && before.total === undefined) this.#open--;
    this.#states[before.status]--;
    this.#states[status]++;
    if (status !== "running") this.#releases.delete(part);
    if (this.whole.status !== "running") return;
    // Units of different work don't add up: parts are counted instead.
    if (this.#open === 0) this.whole["~put"](this.#completed, this.#total);
    else this.whole["~put"](this.#states.completed, this.#count);
    this.#finish();
  }

  #finish(): void {
    const { running, failed, cancelled } = this.#states;
    if (!this.#sealed || this.whole.status !== "running" || running > 0) return;
    this.whole.finish(
      failed > 0 ? "failed" : cancelled > 0 ? "cancelled" : "completed",
    );
  }
}
