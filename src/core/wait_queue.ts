import { rememberCheckpoint } from "./diagnostics.ts";
import type { CancelNode } from "./node.ts";
import type { Source } from "./source.ts";
import { waitFor } from "./wait_for.ts";

/**
 * Those who wait for one thing, in order of arrival. Constant time to join,
 * to leave and to be woken.
 */
export class WaitQueue {
  /** What wakes each of them; made when somebody waits. */
  #wakers: Set<() => void> | undefined;

  get empty(): boolean {
    return !this.#wakers?.size;
  }

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
    rememberCheckpoint(source, what, on);
    const wakers = this.#wakers ??= new Set();
    return waitFor(source, (wake) => {
      wakers.add(wake);
      return () => wakers.delete(wake);
    });
  }

  wakeAll(): void {
    for (const wake of this.#wakers ?? []) wake();
  }
}
