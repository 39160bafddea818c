import { type CancelSource, isCancellation } from "../../mod.ts";

const nothing = (): void => {};

/**
 * Marks a promise of this library as handled: it is about to reject with a
 * cancellation, which the next wait rejects with again.
 */
export function handled(promise: Promise<unknown>): void {
  promise.catch(nothing);
}

/**
 * A promise for an async function. It is handled if it rejects with the
 * cancellation that its waits listen to; any other error that nobody awaits
 * stays the platform's unhandled rejection.
 */
export function quietly<T>(
  work: () => Promise<T>,
  signal: CancelSource | null | undefined,
): Promise<T> {
  const carryOut = async (): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (isCancellation(error, signal ?? undefined)) handled(promise);
      throw error;
    }
  };
  const promise: Promise<T> = carryOut();
  return promise;
}
