import { sentence } from "./_message.ts";
import { AssertionError } from "./assertion_error.ts";

/** Fails always. */
export function fail(msg?: string): never {
  throw new AssertionError(sentence("Failed assertion", msg));
}

/** Marks what can't be reached. */
export function unreachable(msg?: string): never {
  throw new AssertionError(sentence("Unreachable", msg));
}

/** Marks what isn't written yet. */
export function unimplemented(msg?: string): never {
  throw new AssertionError(sentence("Unimplemented", msg));
}
