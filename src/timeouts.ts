import { clock } from "./core/clock.ts";
import type { ScopeNode } from "./core/scope_node.ts";
import { toSource } from "./core/source.ts";
import { callable, time } from "./core/validate.ts";
import { TimeoutError } from "./errors.ts";
import { CancelScope, type ScopeBody } from "./scope.ts";

const AT_DEADLINE = "at its deadline";

async function orFail<T>(
  scope: CancelScope,
  body: ScopeBody<T>,
  limit: string,
): Promise<T> {
  const { deadline } = scope;
  let caught: unknown;
  const value = await scope.run(async (scope) => {
    try {
      return await body(scope);
    } catch (error) {
      caught = error;
      throw error;
    }
  });
  if (!scope.cancelledCaught) return value as T;
  const node = toSource(scope, "scope") as ScopeNode;
  if (!node.expired) throw caught;
  const when = scope.deadline === deadline ? limit : AT_DEADLINE;
  throw new TimeoutError(`Timed out ${when}`, { cause: caught });
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
 * @example A limit for a part of the work
 * ```ts
 * import { failAfter, sleep, TimeoutError } from "@mdc/tasks";
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(() => failAfter(5, () => sleep(60_000)), TimeoutError);
 * ```
 *
 * @typeParam T What `body` returns.
 * @param ms How long, in milliseconds; `Infinity` means no limit.
 * @param body The work; it gets the scope, whose deadline can be moved.
 * @returns What `body` returned.
 * @throws {TypeError} If `ms` is no number or `body` no function.
 * @throws {RangeError} If `ms` is `NaN` or negative.
 */
export function failAfter<T>(ms: number, body: ScopeBody<T>): Promise<T> {
  const limit = time(ms, "the time of failAfter()");
  callable(body, "the body of failAfter()");
  const deadline = clock.now() + limit;
  const scope = new CancelScope({ deadline, name: `failAfter(${ms})` });
  return orFail(scope, body, `after ${ms} ms`);
}

/**
 * As {@linkcode failAfter}, up to a point on the clock of `currentTime()`.
 *
 * @typeParam T What `body` returns.
 * @param deadline The point, in milliseconds; it may lie in the past.
 * @param body The work; it gets the scope.
 * @returns What `body` returned.
 * @throws {TypeError} If `deadline` is no number or `body` no function.
 * @throws {RangeError} If `deadline` is `NaN`.
 */
export function failAt<T>(deadline: number, body: ScopeBody<T>): Promise<T> {
  callable(body, "the body of failAt()");
  const scope = new CancelScope({ deadline, name: "failAt" });
  return orFail(scope, body, AT_DEADLINE);
}

/**
 * Runs `body` for at most a time and moves on: trio's and anyio's
 * `move_on_after()`.
 *
 * @example A default for what takes too long
 * ```ts
 * import { moveOnAfter, sleep } from "@mdc/tasks";
 * import { assertEquals } from "@std/assert";
 *
 * const slow = async () => {
 *   await sleep(60_000);
 *   return "fresh";
 * };
 * const value = await moveOnAfter(5, slow) ?? "cached";
 * assertEquals(value, "cached");
 * ```
 *
 * @typeParam T What `body` returns.
 * @param ms How long, in milliseconds; `Infinity` means no limit.
 * @param body The work; it gets the scope, whose `cancelledCaught` tells
 * afterwards whether the time was over.
 * @returns What `body` returned, or `undefined` when the time was over.
 * @throws {TypeError} If `ms` is no number or `body` no function.
 * @throws {RangeError} If `ms` is `NaN` or negative.
 */
export function moveOnAfter<T>(
  ms: number,
  body: ScopeBody<T>,
): Promise<T | undefined> {
  const limit = time(ms, "the time of moveOnAfter()");
  callable(body, "the body of moveOnAfter()");
  const deadline = clock.now() + limit;
  return new CancelScope({ deadline, name: `moveOnAfter(${ms})` }).run(body);
}

/**
 * As {@linkcode moveOnAfter}, up to a point on the clock of `currentTime()`.
 *
 * @typeParam T What `body` returns.
 * @param deadline The point, in milliseconds; it may lie in the past.
 * @param body The work; it gets the scope.
 * @returns What `body` returned, or `undefined` when the point was reached.
 * @throws {TypeError} If `deadline` is no number or `body` no function.
 * @throws {RangeError} If `deadline` is `NaN`.
 */
export function moveOnAt<T>(
  deadline: number,
  body: ScopeBody<T>,
): Promise<T | undefined> {
  callable(body, "the body of moveOnAt()");
  return new CancelScope({ deadline, name: "moveOnAt" }).run(body);
}
