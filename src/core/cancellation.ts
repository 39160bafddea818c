import { CancelledError } from "../errors.ts";
import type { CancelKind, CancelOrigin, CancelReason } from "../reason.ts";
import { clock } from "./clock.ts";
import { show } from "./validate.ts";

/** The record behind a CancelledError of ours, so that chains stay whole. */
const recordOf = new WeakMap<CancelledError, Cancellation>();

/** An error without the microseconds that its stack would cost. */
function stackless(reason: CancelReason): CancelledError {
  const holder = Error as { stackTraceLimit?: number };
  const limit = holder.stackTraceLimit;
  try {
    holder.stackTraceLimit = 0;
    return new CancelledError(reason);
  } finally {
    if (limit === undefined) delete holder.stackTraceLimit;
    else holder.stackTraceLimit = limit;
  }
}

/**
 * One request for cancellation, as one owner passes it on to all its
 * children. The error and the reason are made when somebody looks: a fan-out
 * to 100,000 children allocates one record.
 */
export class Cancellation {
  readonly kind: CancelKind;
  readonly message: string | undefined;
  readonly at: number;
  readonly cause: Cancellation | undefined;
  /** Whose request it is, or the owner through which it came. */
  readonly source: CancelOrigin | undefined;
  /** An Error that came from outside goes to every level by identity. */
  readonly foreign: boolean;
  #error: unknown;
  #reason: CancelReason | undefined;

  constructor(
    kind: CancelKind,
    message: string | undefined,
    source: CancelOrigin | undefined,
    cause: Cancellation | undefined,
    foreign?: Error,
  ) {
    this.kind = kind;
    this.message = message;
    this.source = source;
    this.cause = cause;
    this.at = cause === undefined ? clock.epoch() : cause.at;
    this.foreign = foreign !== undefined;
    this.#error = foreign;
    this.#reason = undefined;
  }

  /** What signals abort with and what waits reject with. */
  get error(): Error {
    if (this.#error === undefined) {
      const error = stackless(this.reason);
      recordOf.set(error, this);
      this.#error = error;
    }
    return this.#error as Error;
  }

  /** The reason as a plain value. */
  get reason(): CancelReason {
    return this.#reason ?? Cancellation.#writeOut(this);
  }

  /** Builds the reasons of a chain from its root down, without recursion. */
  static #writeOut(record: Cancellation): CancelReason {
    const path: Cancellation[] = [];
    for (
      let at: Cancellation | undefined = record;
      at !== undefined && at.#reason === undefined;
      at = at.cause
    ) path.push(at);
    while (path.length > 0) {
      const at = path.pop() as Cancellation;
      at.#reason = at.#plain();
    }
    return record.#reason as CancelReason;
  }

  #plain(): CancelReason {
    const { kind, message, at, source, cause } = this;
    return {
      kind,
      ...(message === undefined ? {} : { message }),
      ...(source === undefined
        ? {}
        : { source: { name: source.name, id: source.id } }),
      at,
      ...(cause === undefined ? {} : { cause: cause.reason }),
    };
  }

  /** The same request, as `owner` passes it on. */
  through(kind: CancelKind, owner: CancelOrigin | undefined): Cancellation {
    const foreign = this.foreign ? this.error : undefined;
    return new Cancellation(kind, this.message, owner, this, foreign);
  }
}

/** The record of a CancelledError, made for it if it came from a user. */
function fromCancelledError(error: CancelledError): Cancellation {
  const known = recordOf.get(error);
  if (known !== undefined) return known;
  let cause: Cancellation | undefined;
  const chain: CancelReason[] = [];
  for (
    let at: CancelReason | undefined = error.reason;
    at !== undefined;
    at = at.cause
  ) chain.push(at);
  while (chain.length > 0) {
    const { kind, message, source } = chain.pop() as CancelReason;
    const foreign = chain.length === 0 ? error : undefined;
    cause = new Cancellation(kind, message, source, cause, foreign);
  }
  recordOf.set(error, cause as Cancellation);
  return cause as Cancellation;
}

/** The record behind an error that this library made, or that was given to it. */
export function recordOfError(error: CancelledError): Cancellation | undefined {
  return recordOf.get(error);
}

/** The record for what a platform signal was aborted with. */
export function fromAbortReason(reason: unknown): Cancellation {
  if (reason instanceof CancelledError) return fromCancelledError(reason);
  if (reason instanceof Error) {
    const kind = reason.name === "TimeoutError" ? "timeout" : "explicit";
    return new Cancellation(
      kind,
      reason.message,
      undefined,
      undefined,
      reason,
    );
  }
  const message = reason === undefined || typeof reason === "string"
    ? reason
    : show(reason);
  return new Cancellation("explicit", message, undefined, undefined);
}

/** The record for the argument of a cancel method; checked by the caller. */
export function fromArgument(
  reason: Error | string | undefined,
  source: CancelOrigin | undefined,
  kind: CancelKind = "explicit",
): Cancellation {
  if (reason instanceof CancelledError) return fromCancelledError(reason);
  if (reason instanceof Error) {
    return new Cancellation(kind, reason.message, source, undefined, reason);
  }
  return new Cancellation(kind, reason, source, undefined);
}
