import { CancelledError } from "../errors.ts";
import type { CancelKind, CancelOrigin, CancelReason } from "../reason.ts";
import { clock } from "./clock.ts";
import { isCancelledError, isErrorLike, messageOf, nameOf } from "./shapes.ts";
import { shared } from "./shared.ts";
import { show } from "./validate.ts";

/** The record behind a CancelledError of ours, so that chains stay whole. */
const recordOf: WeakMap<object, Cancellation> = /* @__PURE__ */ shared(
  "records",
  () => new WeakMap(),
);

/** An error without the microseconds that its stack would cost. */
function stackless(reason: CancelReason): CancelledError {
  const holder = Error as { stackTraceLimit?: number };
  const limit = holder.stackTraceLimit;
  try {
    holder.stackTraceLimit = 0;
  } catch {
    // A frozen Error: the stack costs what it costs.
    return new CancelledError(reason);
  }
  try {
    return new CancelledError(reason);
  } finally {
    if (limit === undefined) delete holder.stackTraceLimit;
    else holder.stackTraceLimit = limit;
  }
}

/** What came from outside: an Error, or whatever a signal was aborted with. */
interface Given {
  readonly value: unknown;
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
  readonly given: Given | undefined;
  /** Where the request was made, at each level, if creation sites are on. */
  asked: { readonly place: string } | undefined;
  /** The request that all links of its chain pass on. */
  readonly request: Cancellation;
  made: Error | undefined;
  written: CancelReason | undefined;

  constructor(
    kind: CancelKind,
    message: string | undefined,
    source: CancelOrigin | undefined,
    cause: Cancellation | undefined,
    given?: Given,
    at?: number,
  ) {
    this.kind = kind;
    this.message = message;
    this.source = source;
    this.cause = cause;
    this.at = at ?? (cause === undefined ? clock.epoch() : cause.at);
    this.given = given;
    this.asked = cause?.asked;
    this.request = cause?.request ?? this;
    this.made = given !== undefined && isErrorLike(given.value)
      ? given.value
      : undefined;
    this.written = undefined;
  }

  /** What signals abort with and what waits reject with. */
  get error(): Error {
    if (this.made === undefined) {
      this.made = stackless(this.reason);
      recordOf.set(this.made, this);
      if (this.asked !== undefined) {
        const { name, message } = this.made;
        this.made.stack =
          `${name}: ${message}\n  asked for\n${this.asked.place}`;
      }
    }
    return this.made;
  }

  /** The reason as a plain value. */
  get reason(): CancelReason {
    return this.written ?? writeOut(this);
  }

  /** The same request, as `owner` passes it on. */
  through(kind: CancelKind, owner: CancelOrigin | undefined): Cancellation {
    return new Cancellation(kind, this.message, owner, this, this.given);
  }

  /** Whether `error` is this very request, by identity. */
  is(error: unknown): boolean {
    return error === this.made ||
      (this.given !== undefined && error === this.given.value);
  }
}

/** Builds the reasons of a chain from its root down, without recursion. */
function writeOut(record: Cancellation): CancelReason {
  const path: Cancellation[] = [];
  for (
    let at: Cancellation | undefined = record;
    at !== undefined && at.written === undefined;
    at = at.cause
  ) path.push(at);
  while (path.length > 0) {
    const at = path.pop() as Cancellation;
    at.written = plain(at);
  }
  return record.written as CancelReason;
}

function plain(record: Cancellation): CancelReason {
  const { kind, message, at, source, cause } = record;
  return {
    kind,
    ...(message === undefined ? {} : { message }),
    ...(source === undefined
      ? {}
      : { source: { name: source.name, id: source.id } }),
    at,
    ...(record.asked === undefined || cause !== undefined
      ? {}
      : { place: record.asked.place }),
    ...(cause === undefined ? {} : { cause: cause.reason }),
  };
}

/** The links of a reason, the nearest first; one that comes again ends it. */
function linksOf(reason: CancelReason): CancelReason[] {
  const links = new Set<CancelReason>();
  for (
    let at: CancelReason | undefined = reason;
    at !== undefined && !links.has(at);
    at = at.cause
  ) links.add(at);
  return [...links];
}

/** The record of a CancelledError, made for it if it came from a user. */
function fromCancelledError(error: CancelledError): Cancellation {
  const known = recordOf.get(error);
  if (known !== undefined) return known;
  let record: Cancellation | undefined;
  const chain = linksOf(error.reason);
  while (chain.length > 0) {
    const { kind, message, source, at } = chain.pop() as CancelReason;
    const given = chain.length === 0 ? { value: error } : undefined;
    record = new Cancellation(kind, message, source, record, given, at);
  }
  recordOf.set(error, record as Cancellation);
  return record as Cancellation;
}

/** The record behind an error that this library made, or that was given to it. */
export function recordOfError(error: object): Cancellation | undefined {
  return recordOf.get(error);
}

/** Foreign errors that cancelled something: `run()` knows them again. */
const reasons: WeakSet<object> = /* @__PURE__ */ shared(
  "reasons",
  () => new WeakSet(),
);

/** Whether something that was thrown is a cancellation that we delivered. */
export function isKnownCancellation(error: unknown): boolean {
  return typeof error === "object" && error !== null &&
    (recordOf.has(error) || reasons.has(error));
}

function given(value: unknown): Given {
  if (typeof value === "object" && value !== null) reasons.add(value);
  return { value };
}

/** The record for what a platform signal was aborted with. */
export function fromAbortReason(reason: unknown): Cancellation {
  if (isCancelledError(reason)) return fromCancelledError(reason);
  if (isErrorLike(reason)) {
    const kind = nameOf(reason) === "TimeoutError" ? "timeout" : "explicit";
    const message = messageOf(reason);
    return new Cancellation(kind, message, undefined, undefined, given(reason));
  }
  const message = reason === undefined || typeof reason === "string"
    ? reason
    : show(reason);
  const value = reason === undefined ? undefined : given(reason);
  return new Cancellation("explicit", message, undefined, undefined, value);
}

/** The record for the argument of a cancel method; checked by the caller. */
export function fromArgument(
  reason: Error | string | undefined,
  source: CancelOrigin | undefined,
  kind: CancelKind = "explicit",
): Cancellation {
  if (isCancelledError(reason)) return fromCancelledError(reason);
  if (isErrorLike(reason)) {
    const message = messageOf(reason);
    return new Cancellation(kind, message, source, undefined, given(reason));
  }
  return new Cancellation(
    kind,
    reason as string | undefined,
    source,
    undefined,
  );
}
