import { CancelledError } from "../errors.ts";
import {
  type CancelKind,
  type CancelOrigin,
  type CancelReason,
  linksOf,
} from "../reason.ts";
import { epoch } from "./clock.ts";
import {
  attempt,
  defined,
  isCancelledError,
  isErrorLike,
  isObject,
  messageOf,
  nameOf,
} from "./shapes.ts";
import { shared } from "./shared.ts";
import { show } from "./validate.ts";

/** The record behind a CancelledError of ours, so that chains stay whole. */
const recordOf: WeakMap<object, Cancellation> = /* @__PURE__ */ shared(
  "records",
  () => new WeakMap(),
);

/** An error without the microseconds that its stack would cost. */
function stackless(reason: CancelReason): CancelledError {
  const { stackTraceLimit: limit } = Error as { stackTraceLimit?: number };
  if (limit === undefined) return new CancelledError(reason);
  // `Reflect.set`: with a frozen Error the stack costs what it costs.
  Reflect.set(Error, "stackTraceLimit", 0);
  try {
    return new CancelledError(reason);
  } finally {
    Reflect.set(Error, "stackTraceLimit", limit);
  }
}

/**
 * One request for cancellation, as one owner passes it on to all its
 * children. The error and the reason are made when somebody looks: a fan-out
 * to 100,000 children allocates one record.
 *
 * Fields instead of private names: another copy of the package reads them.
 */
export class Cancellation {
  readonly kind: CancelKind;
  readonly message: string | undefined;
  readonly at: number;
  readonly cause: Cancellation | undefined;
  /** Whose request it is, or the owner through which it came. */
  readonly source: CancelOrigin | undefined;
  /**
   * What came from outside goes to every level by identity: an Error as it
   * is; another value is known again by `isOf()`.
   */
  given: unknown;
  /** Where the request was made, at each level, if creation sites are on. */
  asked: { readonly place: string } | undefined;
  /** What it was told first of waits on it, as lines that follow a stack. */
  waited: string | undefined;
  /** The request that all links of its chain pass on. */
  readonly request: Cancellation;
  made: Error | undefined;
  written: CancelReason | undefined;

  constructor(
    kind: CancelKind,
    message: string | undefined,
    source?: CancelOrigin | undefined,
    cause?: Cancellation | undefined,
    given?: unknown,
    at?: number,
  ) {
    this.kind = kind;
    this.message = message;
    this.source = source;
    this.cause = cause;
    this.at = at ?? (cause === undefined ? epoch() : cause.at);
    this.given = given;
    this.asked = cause?.asked;
    this.waited = undefined;
    this.request = cause?.request ?? this;
    this.made = isErrorLike(given) ? given : undefined;
    this.written = undefined;
  }

  /** What signals abort with and what waits reject with. */
  get error(): Error {
    if (this.made === undefined) {
      this.made = stackless(this.reason);
      recordOf.set(this.made, this);
      const { asked, waited = "" } = this;
      const told = (asked ? `\n  asked for\n${asked.place}` : "") + waited;
      if (told) this.made.stack = this.made + told;
    }
    return this.made;
  }

  /** The reason as a plain value; a chain is written from its root down. */
  get reason(): CancelReason {
    return this.written ?? writeOut(this);
  }

  /** The same request, as `owner` passes it on. */
  through(
    kind: CancelKind = "parent",
    owner?: CancelOrigin | undefined,
  ): Cancellation {
    return new Cancellation(kind, this.message, owner, this, this.given);
  }

  /** Notes the value of somebody else that this request was made with. */
  gave(value: unknown): this {
    this.given ??= value;
    if (isErrorLike(value)) this.made ??= value;
    if (isObject(value) && !recordOf.has(value)) recordOf.set(value, this);
    return this;
  }

  /** Whether `error` is this very request, by identity. */
  is(error: unknown): boolean {
    return error !== undefined &&
      (error === this.made || error === this.given);
  }
}

/** A loop, since a chain may be longer than the stack is deep. */
function writeOut(record: Cancellation): CancelReason {
  const path: Cancellation[] = [];
  let at: Cancellation | undefined = record;
  for (; at !== undefined && at.written === undefined; at = at.cause) {
    path.push(at);
  }
  for (const link of path.reverse()) link.written = plain(link);
  return record.written as CancelReason;
}

function plain(record: Cancellation): CancelReason {
  const { kind, message, at, source, cause, asked } = record;
  return defined({
    kind,
    message,
    source: source && { name: source.name, id: source.id },
    at,
    place: cause === undefined ? asked?.place : undefined,
    cause: cause?.reason,
  });
}

/** The record of a CancelledError, made for it if it came from a user. */
function fromCancelledError(error: CancelledError): Cancellation {
  const known = recordOf.get(error);
  if (known !== undefined) return known;
  // A chain that can't be read to its end says no more than any error.
  const record = attempt(() => fromChain(error.reason), undefined) ??
    new Cancellation("explicit", messageOf(error));
  return record.gave(error);
}

function fromChain(reason: CancelReason): Cancellation | undefined {
  let record: Cancellation | undefined;
  for (const { kind, message, source, at } of linksOf(reason).reverse()) {
    record = new Cancellation(kind, message, source, record, undefined, at);
  }
  // Written out at once: later it must not throw.
  return record?.reason && record;
}

/** The record behind an error that this library made, or that was given to it. */
export function recordOfError(error: object): Cancellation | undefined {
  return recordOf.get(error);
}

/** Whether something that was thrown is a cancellation that we delivered. */
export function isKnownCancellation(error: unknown): boolean {
  return isObject(error) && recordOf.has(error);
}

/** The record for what a platform signal was aborted with. */
export function fromAbortReason(reason: unknown): Cancellation {
  const timedOut = isErrorLike(reason) && nameOf(reason) === "TimeoutError";
  const kind = timedOut ? "timeout" : "explicit";
  const record = fromArgument(reason, undefined, kind);
  return record.made === undefined ? record.gave(reason) : record;
}

/**
 * The record for the argument of a cancel method, checked by the caller: a
 * text, or an Error that goes to every level as it is.
 */
export function fromArgument(
  reason: unknown,
  source: CancelOrigin | undefined,
  kind: CancelKind = "explicit",
): Cancellation {
  if (isCancelledError(reason)) return fromCancelledError(reason);
  if (isErrorLike(reason)) {
    return new Cancellation(kind, messageOf(reason), source).gave(reason);
  }
  const message = reason === undefined || typeof reason === "string"
    ? reason
    : show(reason);
  return new Cancellation(kind, message, source);
}
