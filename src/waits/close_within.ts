import { schedule } from "../core/clock.ts";
import { looksAborted } from "../core/shapes.ts";
import type { Opened } from "./stream_source.ts";

/** How long a source may take to end, in milliseconds, if nobody says. */
export const GRACE = 1000;

/** The last result of an iterator. */
export const END: IteratorReturnResult<undefined> = /* @__PURE__ */ Object
  .freeze({ done: true, value: undefined });

/** A source that is opened once, and ends once: by itself or by being left. */
export class SourceInUse<T> {
  over = false;
  readonly #open: () => Opened<T>;
  #opened: Opened<T> | undefined;

  constructor(open: () => Opened<T>) {
    this.#open = open;
  }

  get opened(): Opened<T> {
    return this.#opened ??= this.#open();
  }

  /** It has ended by itself, or failed: it is neither asked again nor closed. */
  end(): void {
    if (!this.over) this.#opened?.ended?.();
    this.over = true;
  }

  /**
   * Asks it to end and waits for it, for a while: an iterator that hangs in
   * `next()` can't hear. What it does after that is nobody's business.
   *
   * @param error Why, if it is cut short.
   * @param grace How long to wait until it has ended, in milliseconds.
   * @param pending The `next()` that is under way, if one is.
   * @returns A promise that rejects with what the cleanup of the source fails
   * with. A cancellation is no failure of it.
   */
  async leave(
    error: unknown,
    grace: number,
    pending?: PromiseLike<unknown>,
  ): Promise<void> {
    if (this.over) return;
    this.over = true;
    const failures: unknown[] = [];
    const fail = (error: unknown) => {
      if (!looksAborted(error)) failures.push(error);
    };
    let opened: Opened<T>;
    try {
      opened = this.opened;
    } catch {
      // A stream that somebody else reads is theirs to end.
      return;
    }
    // The cleanup of a generator that is cut in `next()` fails there.
    if (opened.cleansUpInNext) Promise.resolve(pending).catch(fail);
    const closing = opened.close(error);
    if (closing === undefined) return;
    await new Promise<void>((resolve) => {
      const disarm = grace === Infinity ? undefined : schedule(resolve, grace);
      const ended = () => {
        disarm?.();
        resolve();
      };
      Promise.resolve(closing).catch(fail).then(ended, ended);
    });
    if (failures.length > 0) throw failures[0];
  }
}
