import { isSignal, unexpected } from "./core/validate.ts";
import { type CancelReason, describeReason } from "./reason.ts";

/**
 * What a cancelled wait rejects with, and what `task.signal.reason` holds.
 *
 * Its `name` is `"AbortError"` and its `code` is `"ABORT_ERR"`, so that fetch,
 * the streams of servers and every library that looks for an abort know it.
 *
 * @example Telling who cancelled, and why
 * ```ts
 * import { CancelledError, createTask } from "@mdc/tasks";
 * import { assertEquals, assertInstanceOf } from "@std/assert";
 *
 * const task = createTask((context) => context.sleep(60_000));
 * task.cancel("no longer needed");
 *
 * const error = await task.catch((error) => error);
 * assertInstanceOf(error, CancelledError);
 * assertEquals(error.name, "AbortError");
 * assertEquals(error.reason.message, "no longer needed");
 * ```
 */
export class CancelledError extends Error {
  /** Always `"AbortError"`. */
  override readonly name = "AbortError";
  /** Always `"ABORT_ERR"`. */
  readonly code = "ABORT_ERR";
  /** Who asked for the cancellation, why, when, and through whom. */
  readonly reason: CancelReason;

  /**
   * Makes an error that says "this was cancelled".
   *
   * @param reason The whole reason, or only its message.
   */
  constructor(reason?: CancelReason | string) {
    const whole: CancelReason = typeof reason === "object"
      ? reason
      : reason === undefined
      ? { kind: "explicit", at: Date.now() }
      : { kind: "explicit", message: reason, at: Date.now() };
    super(describeReason(whole));
    this.reason = whole;
  }
}

/**
 * What `failAfter` throws when its time is over.
 *
 * Its `name` is `"TimeoutError"`; the cancellation is its `cause`.
 */
export class TimeoutError extends Error {
  /** Always `"TimeoutError"`. */
  override readonly name = "TimeoutError";
}

/**
 * Thrown where a call doesn't fit the state of the object it is made on:
 * reading the result of a running task, entering a scope twice, waiting for
 * oneself.
 *
 * @example Reading a result too early
 * ```ts
 * import { createTask, InvalidStateError } from "@mdc/tasks";
 * import { assertThrows } from "@std/assert";
 *
 * const task = createTask((context) => context.sleep(10), { name: "nap" });
 * assertThrows(() => task.result(), InvalidStateError, 'task "nap" is running');
 * await task;
 * ```
 */
export class InvalidStateError extends Error {
  /** Always `"InvalidStateError"`. */
  override readonly name = "InvalidStateError";
}

function platformSignal(source: unknown): AbortSignal {
  if (isSignal(source)) return source;
  const signal = (source as { signal?: unknown } | null)?.signal;
  if (isSignal(signal)) return signal;
  throw unexpected(
    "use the signal of isCancellation()",
    "a cancel source",
    source,
  );
}

/**
 * Whether an error says "this was cancelled": a {@linkcode CancelledError}, or
 * any error that looks like an abort by its name (`"AbortError"`) or its code
 * (`"ABORT_ERR"`), such as fetch throws.
 *
 * With a `signal`, the answer is true only if that signal is aborted as well,
 * and also for the signal's own reason, whatever it looks like. So a catch
 * block can tell its caller's cancellation from one of its own making.
 *
 * @example Only the caller's cancellation
 * ```ts
 * import { isCancellation } from "@mdc/tasks";
 * import { assert, assertFalse } from "@std/assert";
 *
 * const error = new DOMException("stopped", "AbortError");
 * assert(isCancellation(error));
 * assertFalse(isCancellation(error, new AbortController().signal));
 * assert(isCancellation(error, AbortSignal.abort()));
 * assertFalse(isCancellation(new Error("disk full")));
 * ```
 *
 * @param error What was caught.
 * @param signal The signal (or what carries one) whose cancellation is asked for.
 * @returns Whether it is a cancellation.
 * @throws {TypeError} If `signal` is no cancel source.
 */
export function isCancellation(
  error: unknown,
  signal?: AbortSignal | { readonly signal: AbortSignal },
): boolean {
  if (signal !== undefined) {
    const { aborted, reason } = platformSignal(signal);
    if (!aborted) return false;
    if (error === reason) return true;
  }
  if (error instanceof CancelledError) return true;
  if (!(error instanceof Error)) return false;
  return error.name === "AbortError" ||
    (error as { code?: unknown }).code === "ABORT_ERR";
}

/**
 * Throws `error` on if it is a cancellation, and does nothing otherwise: the
 * first line of a catch block that handles everything else.
 *
 * @example Never swallowing a cancellation
 * ```ts
 * import { createTask, rethrowCancellation } from "@mdc/tasks";
 * import { assertEquals } from "@std/assert";
 *
 * const task = createTask(async (context) => {
 *   try {
 *     await context.sleep(60_000);
 *   } catch (error) {
 *     rethrowCancellation(error);
 *     return "fallback";
 *   }
 * });
 * task.cancel();
 * await task.catch(() => {});
 * assertEquals(task.status, "cancelled");
 * ```
 *
 * @param error What was caught.
 * @throws `error` itself, if {@linkcode isCancellation} says so.
 */
export function rethrowCancellation(error: unknown): void {
  if (isCancellation(error)) throw error;
}
