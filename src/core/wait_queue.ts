import type { Cancellation } from "./cancellation.ts";
import { currentNode } from "./current.ts";
import { rememberCheckpoint } from "./diagnostics.ts";
import { Listener } from "./node.ts";
import { stopListening } from "./signals.ts";
import {
  type CancelSource,
  type Source,
  subscribe,
  toSource,
} from "./source.ts";
import { optionsObject } from "./validate.ts";

/** Options of a wait that can be cancelled. */
export interface WaitOptions {
  /**
   * Whose cancellation ends the wait. The default is the current task (or the
   * innermost scope that runs in it).
   */
  signal?: CancelSource | undefined;
}

/** Whose cancellation ends a wait: the one given, or else the current node. */
export function waiterOf(
  options: WaitOptions | undefined,
  what: string,
): Source | undefined {
  if (options === undefined) return currentNode();
  optionsObject(options, what);
  const { signal } = options;
  if (signal === undefined) return currentNode();
  return toSource(signal, `the signal of ${what}`);
}

/**
 * Those who wait for one thing, in order of arrival. Constant time to join,
 * to leave and to be woken.
 */
export class WaitQueue {
  first: QueuedWait | null = null;

  /** Waits until woken, or until `source`, which is not cancelled, cancels. */
  join(source: Source | undefined): Promise<void> {
    rememberCheckpoint(source, "wait()");
    return new Promise((resolve, reject) => {
      const wait = new QueuedWait(this, resolve, reject);
      if (source !== undefined) subscribe(source, wait);
    });
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
