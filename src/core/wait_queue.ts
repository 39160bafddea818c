import { rememberWait } from "./diagnostics.ts";
import type { CancelNode } from "./node.ts";
import type { Source } from "./source.ts";
import { Wait } from "./wait.ts";

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
    source?: Source,
    what = "wait()",
    on?: CancelNode,
  ): Promise<void> {
    return rememberWait(new QueuedWait(this).under(source), source, what, on);
  }

  wakeAll(): void {
    for (let wait = this.first; wait !== null; wait = this.first) wait.done();
  }
}

/** A member of a ring: a set of them would double the cost of an event. */
class QueuedWait extends Wait {
  #earlier: QueuedWait = this;
  #later: QueuedWait = this;
  readonly #queue: WaitQueue;

  constructor(queue: WaitQueue) {
    super();
    this.#queue = queue;
    const { first } = queue;
    if (first === null) {
      queue.first = this;
      return;
    }
    this.#earlier = first.#earlier;
    this.#later = first;
    this.#earlier.#later = first.#earlier = this;
  }
  override release(): void {
    const queue = this.#queue;
    const later = this.#later;
    this.#earlier.#later = later;
    later.#earlier = this.#earlier;
    if (queue.first === this) queue.first = later === this ? null : later;
  }
}
