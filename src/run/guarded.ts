import { show } from "../core/validate.ts";

/** Writes an error to stderr, whatever it is. */
export function printError(words: string, error: unknown): void {
  try {
    console.error(words, error);
  } catch {
    // An error that can't be printed, such as a revoked proxy.
    console.error(words, typeof error === "object" ? "an object" : show(error));
  }
}

/**
 * Calls what the user gave to `run()`. If it throws, the program ends all the
 * same, in the way and in the time that was promised: the error is printed.
 */
export function guarded<T>(option: string, call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    printError(`The option ${option} of run() threw:`, error);
    return undefined;
  }
}
