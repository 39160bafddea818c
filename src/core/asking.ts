import type { CancelKind, CancelOrigin } from "../reason.ts";
import { type Cancellation, fromArgument } from "./cancellation.ts";
import { placeOf } from "./diagnostics.ts";

/**
 * The record for the argument of a cancel method, which was checked by it.
 * With creation sites on it knows where the method was called.
 *
 * @param above The method; the place is that of its caller.
 */
export function requestOf(
  reason: Error | string | undefined,
  source: CancelOrigin | undefined,
  above: unknown,
  kind?: CancelKind,
): Cancellation {
  const record = fromArgument(reason, source, kind);
  record.asked ??= placeOf(above);
  return record;
}
