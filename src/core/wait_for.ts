import type { Cancellation } from "./cancellation.ts";
import { Listener } from "./node.ts";
import { quiet } from "./quiet.ts";
import { stopListening } from "./signals.ts";
import { type Source, subscribe } from "./source.ts";

class Wait extends Listener {
  readonly promise: Promise<void>;
  #reject: ((error: Error) => void) | undefined;
  #release: (() => void) | undefined;

  constructor(begin: (done: () => void) => () => void) {
    super();
    this.promise = new Promise((resolve, reject) => {
      this.#reject = reject;
      this.#release = begin(() => {
        this.#release!();
        stopListening(this);
        resolve();
      });
    });
  }
  override cancelled(record: Cancellation): void {
    this.#release!();
    this.#reject!(record.error);
    quiet(this.promise);
  }
}

/**
 * A wait that something ends, or the cancellation of `source`, which is not
 * cancelled yet; whatever comes first takes back the other.
 *
 * @param begin Arranges that `done` is called later, and gives what takes that
 * back.
 */
export function waitFor(
  source: Source | undefined,
  begin: (done: () => void) => () => void,
): Promise<void> {
  const wait = new Wait(begin);
  if (source !== undefined) subscribe(source, wait);
  return wait.promise;
}
