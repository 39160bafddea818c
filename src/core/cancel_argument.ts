import { isErrorLike } from "./shapes.ts";
import { unexpected } from "./validate.ts";

/** The argument of a cancel method, or a TypeError. */
export function cancelArgument(reason: unknown): Error | string | undefined {
  if (
    reason === undefined || typeof reason === "string" || isErrorLike(reason)
  ) return reason;
  throw unexpected("cancel", "a string or an Error as reason", reason);
}
