/**
 * Reports an error that has nobody to go to, as the platform reports what a
 * listener of an `EventTarget` throws: as an uncaught exception of its own, so
 * that it breaks neither those who come next nor whoever told them.
 */
export function uncaught(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
