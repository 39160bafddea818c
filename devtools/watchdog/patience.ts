interface Asked {
  readonly id: string;
  readonly at: number;
}

/**
 * Finds who ignores a cancellation: one timer, for whoever was asked first.
 * There is none while nobody was asked.
 */
export class Patience {
  readonly #limit: number;
  readonly #found: (id: string, elapsed: number) => void;
  /** Who was asked and has not ended, in the order of time. */
  readonly #asked = new Map<string, Asked>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(limit: number, found: (id: string, elapsed: number) => void) {
    this.#limit = limit;
    this.#found = found;
  }

  asked(id: string): void {
    if (this.#limit === Infinity) return;
    this.#asked.set(id, { id, at: performance.now() });
    this.#arm();
  }
  ended(id: string): void {
    if (!this.#asked.delete(id) || this.#asked.size > 0) return;
    this.stop();
  }
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(): void {
    if (this.#timer !== undefined) return;
    const [first] = this.#asked.values();
    if (first === undefined) return;
    const rest = first.at + this.#limit - performance.now();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#due();
      this.#arm();
    }, Math.max(0, Math.ceil(rest)));
    // It doesn't keep a program alive that is done but for it.
    (this.#timer as { unref?: () => void }).unref?.();
  }

  #due(): void {
    const now = performance.now();
    for (const { id, at } of this.#asked.values()) {
      if (now - at < this.#limit) return;
      this.#asked.delete(id);
      this.#found(id, now - at);
    }
  }
}
