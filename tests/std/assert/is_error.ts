import { stripVTControlCharacters } from "node:util";
import { format, sentence } from "./_message.ts";
import { AssertionError } from "./assertion_error.ts";

/** Asserts that `error` is an error, of a class and with a message if given. */
export function assertIsError<E extends Error = Error>(
  error: unknown,
  // deno-lint-ignore no-explicit-any -- the genuine signature
  ErrorClass?: abstract new (...args: any[]) => E,
  msgMatches?: string | RegExp,
  msg?: string,
): asserts error is E {
  if (!(error instanceof Error)) {
    throw new AssertionError(
      sentence(`Expected an Error, got ${format(error)}`, msg),
    );
  }
  if (ErrorClass && !(error instanceof ErrorClass)) {
    throw new AssertionError(
      sentence(
        `Expected an error of class ${ErrorClass.name}, ` +
          `got ${error.constructor?.name}: ${error.message}`,
        msg,
      ),
      { cause: error },
    );
  }
  if (!msgMatches) return;
  const message = stripVTControlCharacters(error.message);
  const matches = typeof msgMatches === "string"
    ? message.includes(stripVTControlCharacters(msgMatches))
    : msgMatches.test(message);
  if (matches) return;
  throw new AssertionError(
    sentence(
      `Expected the error's message to include ${format(msgMatches)}, ` +
        `got ${format(message)}`,
      msg,
    ),
    { cause: error },
  );
}
