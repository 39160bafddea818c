import type { Cancellation } from "./cancellation.ts";
import { Listener } from "./node.ts";
import { quiet } from "./quiet.ts";
import { stopListening } from "./signals.ts";
import { type Source, subscribe } from "./source.ts";

/**
 * A wait that something ends, by `done()`, or the cancellation of a source;
 * whatever comes first takes back the other. A class and no closures: thousands
 * wait for one event.
 */
export class Wait extends Listener {
  readonly promise: Promise<void>;
  #resolve: (() => void) | undefined;
  #reject: ((error: Error) => void) | undefined;

  constructor() {
    super();
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Takes back what would end the wait; the base waits for ever. */
  release(): void {}

  done(): void {
    this.release();
    stopListening(this);
    this.#resolve!();
  }
  override cancelled(record: Cancellation): void {
    this.release();
    this.#reject!(record.error);
    quiet(this.promise);
  }

  /** Waits as a child of `source`, which is not cancelled yet. */
  under(source: Source | undefined): Promise<void> {
    if (source !== undefined) subscribe(source, this);
    return this.promise;
  }
}
