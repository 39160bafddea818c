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
class Account {
  completed = 0;
  total: number | undefined = undefined;
  running = true;
}

/** Keeps the progress of a whole up to date with that of its parts. */
export class ProgressSum {
  readonly whole: Progress = new Progress();
  readonly #parts = new WeakMap<Progress, Account>();
  readonly #releases: Releases = new Map();
  readonly #hold: Hold = { weak: new WeakRef(this), strong: undefined };
  #count = 0;
  #running = 0;
  /** How many parts are done, which is said of the completed ones only. */
  #done = 0;
  #failed = 0;
  #cancelled = 0;
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
    this.#parts.set(part, new Account());
    this.#count++;
    this.#running++;
    this.#open++;
    if (part.status === "running") {
      this.#releases.set(
        part,
        part.subscribe(ProgressSum.#teller(this.#hold, part)),
      );
    }
    this.#changed(part);
  }

  /** What a part calls; it refers to the hold, not to the sum. */
  static #teller(hold: Hold, part: Progress): () => void {
    return () => {
      const sum = hold.weak.deref();
      if (sum !== undefined) sum.#changed(part);
    };
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
    const account = this.#parts.get(part) as Account;
    this.#completed += part.completed - account.completed;
    account.completed = part.completed;
    if (part.total !== undefined) {
      if (account.total === undefined) this.#open--;
      this.#total += part.total - (account.total ?? 0);
      account.total = part.total;
    }
    if (account.running && part.status !== "running") {
      account.running = false;
      this.#running--;
      this.#releases.delete(part);
      if (part.status === "completed") this.#done++;
      if (part.status === "failed") this.#failed++;
      if (part.status === "cancelled") this.#cancelled++;
    }
    this.#put();
  }

  #put(): void {
    if (this.whole.status !== "running") return;
    // Units of different work don't add up: parts are counted instead.
    if (this.#open === 0) this.whole["~put"](this.#completed, this.#total);
    else this.whole["~put"](this.#done, this.#count);
    this.#finish();
  }

  #finish(): void {
    if (!this.#sealed || this.whole.status !== "running") return;
    if (this.#running > 0) return;
    this.whole.finish(
      this.#failed > 0
        ? "failed"
        : this.#cancelled > 0
        ? "cancelled"
        : "completed",
    );
  }
}
