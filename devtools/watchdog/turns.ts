/** Calls back in a later macrotask. */
function macrotask(callback: () => void): void {
  const { setImmediate } = globalThis as {
    setImmediate?: (callback: () => void) => unknown;
  };
  if (setImmediate === undefined) setTimeout(callback, 0);
  else setImmediate(callback);
}

/**
 * Finds who keeps the event loop: in each turn in which something happens, how
 * long the code of each task ran until the next thing happened, or the turn
 * was over. Nothing is measured while nothing happens.
 */
export class Turns {
  readonly #limit: number;
  readonly #found: (id: string, elapsed: number) => void;
  #running: string | undefined;
  #since = 0;
  #asked = false;

  constructor(limit: number, found: (id: string, elapsed: number) => void) {
    this.#limit = limit;
    this.#found = found;
  }

  /** From now on the code of this task runs, or of nobody that is known. */
  runs(id: string | undefined): void {
    const now = performance.now();
    this.#close(now);
    this.#running = id;
    this.#since = now;
    if (this.#asked) return;
    this.#asked = true;
    macrotask(() => {
      this.#asked = false;
      this.#close(performance.now());
    });
  }

  #close(now: number): void {
    const id = this.#running;
    this.#running = undefined;
    if (id === undefined) return;
    const elapsed = now - this.#since;
    if (elapsed >= this.#limit) this.#found(id, elapsed);
  }
}
