import {
  CancelledError,
  type CancelSource,
  failAfter,
  type ScopeContext,
  TimeoutError,
} from "../../mod.ts";
import { callable, count, flag, optionsOf, time, within } from "./arguments.ts";

/**
 * The body of {@linkcode retry}: it gets the context of the scope that all
 * attempts lie in, and the number of the attempt, from 1 on.
 *
 * @typeParam T What it returns.
 */
export type RetryBody<T> = (
  context: ScopeContext,
  attempt: number,
) => T | PromiseLike<T>;

/** What is known of an attempt that failed and will be followed by another. */
export interface FailedAttempt {
  /** What it failed with. */
  readonly error: unknown;
  /** Its number, from 1 on. */
  readonly attempt: number;
  /** How long it takes until the next one, in milliseconds. */
  readonly delay: number;
}

/** Options of {@linkcode retry}. */
export interface RetryOptions {
  /**
   * How many attempts there are, with the first. `Infinity` goes on until it
   * is cancelled. Default: 3.
   */
  attempts?: number | undefined;
  /**
   * How long to wait before the second attempt, in milliseconds. Default: 1000.
   * A function says it for each attempt, for a `Retry-After` header for example;
   * what it returns is neither multiplied nor varied.
   */
  delay?: number | ((error: unknown, attempt: number) => number) | undefined;
  /** By what the delay is multiplied after each attempt. Default: 2. */
  factor?: number | undefined;
  /** The longest delay, in milliseconds. Default: 30,000; none for a function. */
  maxDelay?: number | undefined;
  /**
   * Which part of a delay is left to chance: 0.25 takes 75 to 100 % of it.
   * `true` is 1, anything between nothing and all of it. Default: `false`, 0.
   */
  jitter?: boolean | number | undefined;
  /**
   * Whether another attempt makes sense after this error. It is not asked
   * after the last attempt, and never for a cancellation. Default: always.
   */
  retryIf?:
    | ((error: unknown, attempt: number) => boolean | PromiseLike<boolean>)
    | undefined;
  /** Is called, and waited for, before the delay that follows a failure. */
  onRetry?: ((failed: FailedAttempt) => unknown) | undefined;
  /**
   * How long all attempts and delays may take together, in milliseconds; then
   * it rejects with a `TimeoutError`. For the limit of a single attempt use
   * `failAfter()` in the body. Default: no limit.
   */
  timeout?: number | undefined;
  /** Whose cancellation ends it. The default is the current task or scope. */
  signal?: CancelSource | null | undefined;
}

const MAX_DELAY = 30_000;

/** What the attempts before failed with, by what was thrown in the end. */
const earlier: WeakMap<object, readonly unknown[]> =
  /* @__PURE__ */ new WeakMap();

function remember(error: unknown, before: readonly unknown[]): void {
  if (typeof error !== "object" || error === null) return;
  // A retry around a retry adds its own to what is known of the last error.
  earlier.set(error, [...before, ...earlier.get(error) ?? []]);
}

/**
 * What the attempts before failed with, oldest first, for an error that
 * {@linkcode retry} rejected with. The last error itself is thrown as it is, so
 * that handlers know it; the others are here.
 *
 * @example
 * All that went wrong
 * ```ts
 * import { earlierErrors, retry } from "@mdc/tasks/flow";
 *
 * const error = await retry((_, attempt) => {
 *   throw new Error(`attempt ${attempt}`);
 * }, { delay: 1 }).catch((error) => error);
 * console.log(error.message); // "attempt 3"
 * const messages = earlierErrors(error).map((each) => (each as Error).message);
 * console.log(messages); // ["attempt 1", "attempt 2"]
 * ```
 *
 * @param error What was caught.
 * @returns The errors of the attempts before; none for what `retry()` has not
 * thrown, and for thrown values that are no objects.
 */
export function earlierErrors(error: unknown): readonly unknown[] {
  if (typeof error !== "object" || error === null) return [];
  return earlier.get(error) ??
    // A limit throws an error of its own for the cancellation that it caught.
    (error instanceof TimeoutError ? earlierErrors(error.cause) : []);
}

function isAbort(error: unknown): boolean {
  return error instanceof CancelledError ||
    (error as { name?: unknown } | null | undefined)?.name === "AbortError";
}

interface Plan {
  readonly attempts: number;
  readonly delayAfter: (error: unknown, attempt: number) => number;
  readonly retryIf: NonNullable<RetryOptions["retryIf"]>;
  readonly onRetry: ((failed: FailedAttempt) => unknown) | undefined;
}

function share(jitter: unknown): number {
  if (typeof jitter !== "number") flag(jitter, "jitter");
  return within(
    Number(jitter),
    "jitter",
    "a share from 0 to 1",
    (part) => part >= 0 && part <= 1,
  );
}

function delays(options: RetryOptions): Plan["delayAfter"] {
  const { delay = 1000, factor = 2, jitter = false } = options;
  const { maxDelay = typeof delay === "function" ? Infinity : MAX_DELAY } =
    options;
  time(maxDelay, "maxDelay");
  within(factor, "factor", "a number from 1 on", (number) => number >= 1);
  const part = share(jitter);
  if (typeof delay === "function") {
    return (error, attempt) =>
      Math.min(
        time(delay(error, attempt), "what delay of retry() returned"),
        maxDelay,
      );
  }
  time(delay, "delay");
  return (_, attempt) => {
    const full = delay === 0 ? 0 : delay * factor ** (attempt - 1);
    return Math.min(full, maxDelay) * (1 - part * Math.random());
  };
}

/** Attempts until one succeeds. What it throws is what it fails with. */
async function attemptAll<T>(
  body: RetryBody<T>,
  context: ScopeContext,
  { attempts, delayAfter, retryIf, onRetry }: Plan,
): Promise<T> {
  const failed: unknown[] = [];
  try {
    for (let attempt = 1;; attempt++) {
      try {
        return await body(context, attempt);
      } catch (error) {
        if (
          isAbort(error) || context.reason !== undefined ||
          attempt >= attempts || !await retryIf(error, attempt)
        ) throw error;
        failed.push(error);
        const delay = delayAfter(error, attempt);
        await onRetry?.({ error, attempt, delay });
        await context.sleep(delay);
      }
    }
  } catch (error) {
    remember(error, failed);
    throw error;
  }
}

/**
 * Calls `body` until it succeeds, with a growing delay between the attempts.
 *
 * - A cancellation is never retried: neither that of the current task or
 *   scope, nor any other error that says so by its name (`"AbortError"`). Nor
 *   is an error that comes while a cancellation is requested.
 * - When the attempts are used up, the last error is thrown as it is;
 *   {@linkcode earlierErrors} has the others.
 * - What `retryIf`, `onRetry` or a function `delay` throws ends it: it rejects
 *   with that.
 *
 * @example
 * A server that asks for patience
 * ```ts
 * import { retry } from "@mdc/tasks/flow";
 *
 * class Busy extends Error {
 *   readonly retryAfter = 5;
 * }
 * const answer = await retry((_, attempt) => {
 *   if (attempt < 3) throw new Busy();
 *   return `attempt ${attempt}`;
 * }, {
 *   attempts: 5,
 *   retryIf: (error) => error instanceof Busy,
 *   delay: (error) => (error as Busy).retryAfter,
 *   timeout: 10_000,
 * });
 * console.log(answer); // "attempt 3"
 * ```
 *
 * @typeParam T What `body` returns.
 * @param body The work. Give its context's `signal` to what takes one.
 * @param options How often, after what delay, and after which errors.
 * @returns What `body` returned. It rejects with the last error, with a
 * `TimeoutError` when `timeout` is over, and with the cancellation of the
 * signal (or of the current task).
 * @throws {TypeError} If `body` is no function, or an option is unknown or of
 * the wrong type.
 * @throws {RangeError} If a number is out of range.
 */
export function retry<T>(
  body: RetryBody<T>,
  options?: RetryOptions,
): Promise<T> {
  callable(body, "the body of retry()");
  const given = optionsOf<RetryOptions>(options, "retry()", [
    "attempts",
    "delay",
    "factor",
    "maxDelay",
    "jitter",
    "retryIf",
    "onRetry",
    "timeout",
    "signal",
  ]);
  const { attempts = 3, retryIf = () => true, onRetry, timeout = Infinity } =
    given;
  count(attempts, "attempts", { endless: true });
  callable(retryIf, "retryIf");
  if (onRetry !== undefined) callable(onRetry, "onRetry");
  time(timeout, "the timeout of retry()");
  const plan = { attempts, delayAfter: delays(given), retryIf, onRetry };
  return failAfter(timeout, (context) => attemptAll(body, context, plan), {
    signal: given.signal,
  });
}
