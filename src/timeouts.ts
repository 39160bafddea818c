import { leavesScope } from "./core/asked.ts";
import { now } from "./core/clock.ts";
import { optionsOf } from "./core/options.ts";
import type { ScopeNode } from "./core/scope_node.ts";
import { type CancelSource, toSource } from "./core/source.ts";
import { callable, time } from "./core/validate.ts";
import { TimeoutError } from "./errors.ts";
import { CancelScope } from "./scope.ts";
import type { ScopeBody } from "./scope_context.ts";

const AT_DEADLINE = "at its deadline";

/** Options of {@linkcode failAfter} and `failAt()`. */
export interface FailAfterOptions {
  /**
   * One more source whose cancellation reaches the body. Where the current
   * task isn't known, it is what the limit lies in.
   */
  signal?: CancelSource | null | undefined;
}

/** Options of {@linkcode moveOnAfter} and `moveOnAt()`. */
export interface MoveOnAfterOptions<F> extends FailAfterOptions {
  /** The value when the time was over. Default: `undefined`. */
  fallback?: F | undefined;
}

interface Limit {
  readonly deadline: number;
  /** The name of the scope. */
  readonly name: string;
  /** When it ran out, for the error. */
  readonly words: string;
}

/** The point on the clock that lies `ms` ahead. */
function ahead(ms: number, what: string): number {
  return now() + time(ms, `the time of ${what}`);
}

/** Runs `body` in a scope that throws when it was cut short. */
function failing<T>(
  limit: Limit,
  body: ScopeBody<T>,
  { signal }: FailAfterOptions,
): Promise<T> {
  const { deadline } = limit;
  const scope = new CancelScope({ deadline, name: limit.name, signal });
  const node = toSource(scope, "scope") as ScopeNode;
  return scope["~run"](body, (error, quietly) => {
    if (!node.expired) {
      // cancel() inside is no timeout.
      quietly();
      leavesScope(error, node.origin);
      throw error;
    }
    const when = node.deadline === deadline ? limit.words : AT_DEADLINE;
    throw new TimeoutError(`Timed out ${when}`, { cause: error });
  });
}

/**
 * Runs `body` and throws a `TimeoutError` if it takes longer: asyncio's
 * `timeout()`, trio's and anyio's `fail_after()`.
 *
 * - The time starts when the body does. When it is over, the body is
 *   cancelled; the error is thrown after the body's cleanup.
 * - A body that ends normally all the same has its value returned. An error of
 *   the body's own passes through.
 * - `scope.cancel()` inside is no timeout: it rejects with that cancellation.
 * - Of nested limits with the same deadline, the outermost throws.
 *
 * @example
 * A limit for a part of the work
 * ```ts
 * import { failAfter, sleep, TimeoutError } from "@mdc/tasks";
 *
 * const error = await failAfter(5, () => sleep(60_000))
 *   .catch((error) => error);
 * console.log(error.name); // "TimeoutError"
 * ```
 *
 * @typeParam T What `body` returns.
 * @param ms How long, in milliseconds; `Infinity` means no limit.
 * @param body The work; it gets the scope's own context, in which the deadline
 * can be moved.
 * @param options One more source of cancellation.
 * @returns What `body` returned.
 * @throws {TypeError} If `ms` is no number or `body` no function.
 * @throws {RangeError} If `ms` is `NaN` or negative.
 */
export function failAfter<T>(
  ms: number,
  body: ScopeBody<T>,
  options?: FailAfterOptions,
): Promise<T> {
  const deadline = ahead(ms, "failAfter()");
  callable(body, "the body of failAfter()");
  return failing(
    { deadline, name: `failAfter(${ms})`, words: `after ${ms} ms` },
    body,
    optionsOf<FailAfterOptions>(options, "failAfter()", ["signal"]),
  );
}

/**
 * As {@linkcode failAfter}, up to a point on the clock of `currentTime()`.
 *
 * @typeParam T What `body` returns.
 * @param deadline The point, in milliseconds; it may lie in the past.
 * @param body The work; it gets the scope's own context.
 * @param options One more source of cancellation.
 * @returns What `body` returned.
 * @throws {TypeError} If `deadline` is no number or `body` no function.
 * @throws {RangeError} If `deadline` is `NaN`.
 */
export function failAt<T>(
  deadline: number,
  body: ScopeBody<T>,
  options?: FailAfterOptions,
): Promise<T> {
  callable(body, "the body of failAt()");
  return failing(
    { deadline, name: "failAt", words: AT_DEADLINE },
    body,
    optionsOf<FailAfterOptions>(options, "failAt()", ["signal"]),
  );
}

function movingOn<T, F>(
  limit: { deadline: number; name: string },
  body: ScopeBody<T>,
  options: MoveOnAfterOptions<F> | undefined,
  what: string,
): Promise<T | F> {
  const { signal, fallback } = optionsOf<MoveOnAfterOptions<F>>(
    options,
    what,
    ["signal", "fallback"],
  );
  return new CancelScope({ ...limit, signal }).run(body, { fallback });
}

/**
 * Runs `body` for at most a time and moves on: trio's and anyio's
 * `move_on_after()`.
 *
 * @example
 * A default for what takes too long
 * ```ts
 * import { moveOnAfter, sleep } from "@mdc/tasks";
 *
 * const slow = async () => {
 *   await sleep(60_000);
 *   return "fresh";
 * };
 * const value = await moveOnAfter(5, slow, { fallback: "cached" });
 * console.log(value); // "cached"
 * ```
 *
 * @typeParam T What `body` returns.
 * @param ms How long, in milliseconds; `Infinity` means no limit.
 * @typeParam F The fallback.
 * @param body The work; it gets the scope's own context, whose
 * `cancelledCaught` tells afterwards whether the time was over.
 * @param options One more source of cancellation, and the value for when the
 * time was over.
 * @returns What `body` returned, or the fallback when the time was over.
 * @throws {TypeError} If `ms` is no number or `body` no function.
 * @throws {RangeError} If `ms` is `NaN` or negative.
 */
export function moveOnAfter<T, F = undefined>(
  ms: number,
  body: ScopeBody<T>,
  options?: MoveOnAfterOptions<F>,
): Promise<T | F> {
  const deadline = ahead(ms, "moveOnAfter()");
  callable(body, "the body of moveOnAfter()");
  return movingOn(
    { deadline, name: `moveOnAfter(${ms})` },
    body,
    options,
    "moveOnAfter()",
  );
}

/**
 * As {@linkcode moveOnAfter}, up to a point on the clock of `currentTime()`.
 *
 * @typeParam T What `body` returns.
 * @param deadline The point, in milliseconds; it may lie in the past.
 * @typeParam F The fallback.
 * @param body The work; it gets the scope's own context.
 * @param options One more source of cancellation, and the value for when the
 * point was reached.
 * @returns What `body` returned, or the fallback when the point was reached.
 * @throws {TypeError} If `deadline` is no number or `body` no function.
 * @throws {RangeError} If `deadline` is `NaN`.
 */
export function moveOnAt<T, F = undefined>(
  deadline: number,
  body: ScopeBody<T>,
  options?: MoveOnAfterOptions<F>,
): Promise<T | F> {
  callable(body, "the body of moveOnAt()");
  return movingOn({ deadline, name: "moveOnAt" }, body, options, "moveOnAt()");
}
