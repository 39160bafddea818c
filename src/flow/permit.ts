import type { WaitOptions } from "../../mod.ts";
import { callable } from "./arguments.ts";
import { quietly } from "./quiet.ts";

/**
 * A place that was acquired, until it is released or disposed of. To release
 * it twice does nothing.
 */
export interface Permit {
  /** Gives the place to the next who waits. */
  release(): void;
  /** The same, for `using`. */
  [Symbol.dispose](): void;
}

/** Runs `body` with a permit. */
export function withPermit<T>(
  acquire: () => Promise<Permit>,
  body: () => T | PromiseLike<T>,
  what: string,
  options: WaitOptions | undefined,
): Promise<T> {
  callable(body, `the body of ${what}`);
  const acquiring = acquire();
  return quietly(async () => {
    const permit = await acquiring;
    try {
      return await body();
    } finally {
      permit.release();
    }
  }, options?.signal);
}
