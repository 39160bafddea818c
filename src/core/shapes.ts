import type { CancelledError } from "../errors.ts";

/** Reads something of a value that may be hostile: a revoked proxy, a getter. */
export function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** Whether something has properties of its own; functions aside. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** An object without those of its properties that are `undefined`. */
export function defined<T extends object>(value: T): Defined<T> {
  const there = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(there) as Defined<T>;
}

/** What is left when what is `undefined` is left out. */
export type Defined<T> =
  & { [K in keyof T as undefined extends T[K] ? never : K]: T[K] }
  & {
    [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<
      T[K],
      undefined
    >;
  };

/**
 * Whether something is an error, of this realm or of another one (a test
 * runner's, an iframe), a `DOMException` among them.
 */
export function isErrorLike(value: unknown): value is Error {
  return isObject(value) && attempt(() =>
    value instanceof Error ||
    /^.object (Error|DOMException)]/.test(
      Object.prototype.toString.call(value),
    ), false);
}

/** The name of an error or a function, or an empty text. */
export function nameOf(named: { readonly name: unknown }): string {
  return attempt(() => String(named.name), "");
}

/** The message of an error, or `undefined` if it can't be read. */
export function messageOf(error: Error): string | undefined {
  return attempt(() => String(error.message), undefined);
}

/** Whether an error looks like an abort: the platform's, or ours. */
export function looksAborted(error: unknown): error is Error {
  return isErrorLike(error) && (nameOf(error) === "AbortError" ||
    attempt(() => (error as { code?: unknown }).code, undefined) ===
      "ABORT_ERR");
}

/** Whether something is a `CancelledError`, of whatever copy or realm. */
export function isCancelledError(error: unknown): error is CancelledError {
  return looksAborted(error) && attempt(() => {
    const { reason } = error as Partial<CancelledError>;
    return isObject(reason) && typeof reason.kind === "string" &&
      typeof reason.at === "number";
  }, false);
}
