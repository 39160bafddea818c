import { schedule } from "../core/clock.ts";
import { looksAborted } from "../core/shapes.ts";
import type { Opened } from "./stream_source.ts";

/** How long a source may take to end, in milliseconds, if nobody says. */
export const GRACE = 1000;

/** How an opened source is left. */
export interface Leaving {
  /** Why, if it is cut short. */
  readonly error: unknown;
  /** The `next()` that is under way, if one is. */
  readonly pending: PromiseLike<unknown> | undefined;
  /** How long to wait until it has ended, in milliseconds. */
  readonly grace: number;
}

/**
 * Asks a source to end and waits for it, for a while: an iterator that hangs
 * in `next()` can't hear. What it does after that is nobody's business.
 *
 * @returns A promise that rejects with what the cleanup of the source fails
 * with. A cancellation is no failure of it.
 */
export async function closeWithin<T>(
  source: Opened<T>,
  { error, pending, grace }: Leaving,
): Promise<void> {
  const failures: unknown[] = [];
  const fail = (error: unknown) => {
    if (!looksAborted(error)) failures.push(error);
  };
  // The cleanup of a generator that is cut in `next()` fails there.
  if (source.cleansUpInNext) Promise.resolve(pending).catch(fail);
  const closing = source.close(error);
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
