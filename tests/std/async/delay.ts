/** Options of {@linkcode delay}. */
export interface DelayOptions {
  /** Ends the delay: it rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Whether the timer keeps the process alive; `true` by default. */
  persistent?: boolean;
}

/** What a platform's `setTimeout` returns: a number, or an object. */
type Timer = ReturnType<typeof setTimeout>;

const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** Resolves after `ms` milliseconds. */
export async function delay(
  ms: number,
  options: DelayOptions = {},
): Promise<void> {
  const { signal, persistent = true } = options;
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onAbort = () => reject(signal?.reason);
  const end = performance.now() + ms;
  let timer: Timer;
  const arm = (rest: number) => {
    timer = rest > LONGEST_TIMEOUT
      ? setTimeout(() => arm(end - performance.now()), LONGEST_TIMEOUT)
      : setTimeout(resolve, rest);
    if (!persistent) unref(timer);
  };
  arm(ms);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    await promise;
  } finally {
    clearTimeout(timer!);
    signal?.removeEventListener("abort", onAbort);
  }
}

function unref(timer: Timer | { unref(): void }): void {
  if (typeof timer === "object") timer.unref();
  else Deno.unrefTimer(timer);
}
