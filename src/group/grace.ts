import { now, schedule } from "../core/clock.ts";

/**
 * The time that those have who were asked to end. It begins when they are
 * asked; there is a timer only while somebody waits for them.
 */
export class Grace {
  /** Whether the time has passed. */
  over = false;
  readonly #ms: number;
  readonly #then: () => void;
  #began: number | undefined;
  #awaited = false;
  #disarm: (() => void) | undefined;

  constructor(ms: number, then: () => void) {
    this.#ms = ms;
    this.#then = then;
  }

  /** They were asked. */
  begin(): void {
    this.#began ??= now();
    this.#arm();
  }

  /** Somebody waits for them. */
  wait(): void {
    this.#awaited = true;
    this.#arm();
  }

  /** Nobody waits any more. */
  end(): void {
    this.#awaited = false;
    this.#disarm?.();
    this.#disarm = undefined;
  }

  #arm(): void {
    const due = this.#awaited && this.#ms !== Infinity && !this.over;
    if (!due || this.#began === undefined || this.#disarm !== undefined) return;
    // Also for 0 a timer: who reacts at once has ended by then.
    const left = Math.max(0, this.#began + this.#ms - now());
    this.#disarm = schedule(() => {
      this.over = true;
      this.#then();
    }, left);
  }
}
