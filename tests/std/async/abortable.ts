/** Rejects with the signal's reason if it aborts before `p` settles. */
export function abortable<T>(p: Promise<T>, signal: AbortSignal): Promise<T>;
/** Throws the signal's reason if it aborts before the iteration ends. */
export function abortable<T>(
  p: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T>;
export function abortable<T>(
  p: Promise<T> | AsyncIterable<T>,
  signal: AbortSignal,
): Promise<T> | AsyncGenerator<T> {
  // Like the genuine function, a thenable that is no Promise is taken for an
  // iterable.
  return p instanceof Promise ? settle(p, signal) : iterate(p, signal);
}

async function settle<T>(p: Promise<T>, signal: AbortSignal): Promise<T> {
  const abort = listen(signal);
  try {
    return await Promise.race([abort.promise, p]);
  } finally {
    abort.release();
  }
}

async function* iterate<T>(
  items: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T> {
  signal.throwIfAborted();
  const iterator = items[Symbol.asyncIterator]();
  const abort = listen(signal);
  try {
    for (;;) {
      const next = await Promise.race([abort.promise, iterator.next()]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    abort.release();
    await iterator.return?.();
  }
}

function listen(
  signal: AbortSignal,
): { promise: Promise<never>; release: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  return {
    promise,
    release: () => signal.removeEventListener("abort", onAbort),
  };
}
