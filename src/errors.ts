import { type CancelReason, describeReason } from "./reason.ts";

/** What tells an error of ours, made by whatever copy of the package. */
interface Made {
  readonly "~made": string;
}

/** What `instanceof` says; a class that extends ours is asked as usual. */
function isMade(Class: { prototype: Made }, asked: unknown, value: unknown) {
  if (Function.prototype[Symbol.hasInstance].call(asked, value)) return true;
  if (asked !== Class) return false;
  try {
    const made = (value as Made | null | undefined)?.["~made"];
    return made === Class.prototype["~made"];
  } catch {
    // A proxy that lets nobody look is none of ours.
    return false;
  }
}

/**
 * What a cancelled wait rejects with, and what `task.signal.reason` holds.
 *
 * Its `name` is `"AbortError"` and its `code` is `"ABORT_ERR"`, so that fetch,
 * the streams of servers and every library that looks for an abort know it.
 *
 * @example
 * Telling who cancelled, and why
 * ```ts
 * import { CancelledError, createTask } from "@mdc/tasks";
 *
 * const task = createTask((context) => context.sleep(60_000));
 * task.cancel("no longer needed");
 *
 * const error = await task.catch((error) => error);
 * console.log(error instanceof CancelledError); // true
 * console.log(error.name); // "AbortError"
 * console.log(error.reason.message); // "no longer needed"
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
   * @throws {TypeError} If `reason` is neither.
   */
  constructor(reason?: CancelReason | string) {
    const whole = reason === undefined || typeof reason === "string"
      ? { kind: "explicit" as const, at: Date.now() }
      : reason;
    if (typeof whole !== "object" || whole === null) {
      throw new TypeError(
        `Cannot make a CancelledError: expected a reason or a text, received ${
          String(reason)
        }`,
      );
    }
    if (typeof reason === "string") Object.assign(whole, { message: reason });
    super(describeReason(whole));
    this.reason = whole;
  }

  /** Internal: what copies of the package know one another's errors by. */
  get "~made"(): string {
    return "CancelledError";
  }

  /**
   * Whether something is a `CancelledError`, of this copy of the package or of
   * another one in the same process; `value instanceof CancelledError` asks.
   *
   * @param value Anything.
   * @returns Whether it is one.
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isMade(CancelledError, this, value);
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

  /** Internal: what copies of the package know one another's errors by. */
  get "~made"(): string {
    return "TimeoutError";
  }

  /**
   * Whether something is one, of this copy of the package or of another.
   *
   * @param value Anything.
   * @returns Whether it is one.
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isMade(TimeoutError, this, value);
  }
}

/**
 * Thrown where a call doesn't fit the state of the object it is made on:
 * reading the result of a running task, entering a scope twice, waiting for
 * oneself.
 *
 * @example
 * Reading a result too early
 * ```ts
 * import { createTask, InvalidStateError } from "@mdc/tasks";
 *
 * const task = createTask((context) => context.sleep(10), { name: "nap" });
 * try {
 *   task.result();
 * } catch (error) {
 *   console.log(error instanceof InvalidStateError); // true
 * }
 * await task;
 * ```
 */
export class InvalidStateError extends Error {
  /** Always `"InvalidStateError"`. */
  override readonly name = "InvalidStateError";

  /** Internal: what copies of the package know one another's errors by. */
  get "~made"(): string {
    return "InvalidStateError";
  }

  /**
   * Whether something is one, of this copy of the package or of another.
   *
   * @param value Anything.
   * @returns Whether it is one.
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isMade(InvalidStateError, this, value);
  }
}
