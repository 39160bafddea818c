/** Does nothing. */
export const nothing = (): void => {};

/**
 * Marks a promise as handled. A cancellation may reject a promise that nobody
 * awaits yet: that must not end the process, and nothing is lost by it, since
 * the next wait rejects with the same cancellation.
 */
export function quiet<T extends PromiseLike<unknown>>(promise: T): T {
  promise.then(undefined, nothing);
  return promise;
}

/** A promise that is rejected with a cancellation, and handled. */
export function rejectQuietly(error: unknown): Promise<never> {
  return quiet(Promise.reject(error));
}

/**
 * A promise that settles as `work` does. It is handled if it rejects with what
 * `isOwn` knows as the cancellation that the caller listens to; any other
 * error that nobody awaits stays the platform's unhandled rejection.
 */
export function quietIf<T>(
  work: Promise<T>,
  isOwn: (error: unknown) => boolean,
): Promise<T> {
  const promise: Promise<T> = new Promise((resolve, reject) => {
    work.then(resolve, (error) => {
      reject(error);
      if (isOwn(error)) quiet(promise);
    });
  });
  return promise;
}

/**
 * A promise for `work`, which may mark it as handled (see {@linkcode quiet})
 * when it throws a cancellation. That happens a microtask later, since work
 * that fails before it first waits has no promise yet; the platform looks for
 * unhandled rejections only after that.
 */
export function quietable<T>(
  work: (quietly: () => void) => Promise<T>,
): Promise<T> {
  const promise: Promise<T> = work(() =>
    queueMicrotask(() => void quiet(promise))
  );
  return promise;
}
