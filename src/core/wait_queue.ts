import type { Cancellation } from "./cancellation.ts";
import { rememberWait } from "./diagnostics.ts";
import { type CancelNode, Listener } from "./node.ts";
import { quiet } from "./quiet.ts";
import { stopListening } from "./signals.ts";
import { type Source, subscribe } from "./source.ts";

/**
 * Those who wait for one thing, in order of arrival. Constant time to join,
 * to leave and to be woken.
 */
export class WaitQueue {
  first: QueuedWait | null = null;

  /**
   * Waits until woken, or until `source`, which is not cancelled, cancels.
   *
   * @param what The wait in words, for reports.
   * @param on The task or scope that is waited for, if it is one.
   */
  join(
    source: Source | undefined,
    what = "wait()",
    on?: CancelNode,
  ): Promise<void> {
    let wait: QueuedWait;
    const promise = new Promise<void>((resolve, reject) => {
      wait = new QueuedWait(this, resolve, reject);
    });
    wait!.promise = promise;
    if (source !== undefined) subscribe(source, wait!);
    return rememberWait(promise, source, what, on);
  }

  wakeAll(): void {
    for (let wait = this.first; wait !== null; wait = this.first) wait.wake();
  }
}

class QueuedWait extends Listener {
  #earlier: QueuedWait = this;
  #later: QueuedWait = this;
  readonly #queue: WaitQueue;
  readonly #resolve: () => void;
  readonly #reject: (error: Error) => void;
  promise: Promise<void> | undefined = undefined;

  constructor(
    queue: WaitQueue,
    resolve: () => void,
    reject: (error: Error) => void,
  ) {
    super();
    this.#queue = queue;
    this.#resolve = resolve;
    this.#reject = reject;
    const first = queue.first;
    if (first === null) {
      queue.first = this;
      return;
    }
    const last = first.#earlier;
    last.#later = first.#earlier = this;
    this.#earlier = last;
    this.#later = first;
  }

  wake(): void {
    this.leave();
    stopListening(this);
    this.#resolve();
  }

  override cancelled(record: Cancellation): void {
    this.leave();
    this.#reject(record.error);
    quiet(this.promise!);
  }

  /** No private method: it would make each wait larger. */
  leave(): void {
    const queue = this.#queue;
    if (this.#later === this) {
      queue.first = null;
      return;
    }
    this.#earlier.#later = this.#later;
    this.#later.#earlier = this.#earlier;
    if (queue.first === this) queue.first = this.#later;
  }
}
