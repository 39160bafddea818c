import { inForce, type UnobservedFailure } from "./in_force.ts";
import { isThenable } from "./validate.ts";

/** What tells of a failure by default. */
export function reportToConsole(failure: UnobservedFailure): void {
  const { name, error, place } = failure;
  const where = place === undefined ? "" : `\ncreated\n${place}`;
  const what = `Task "${name}" failed and nobody looked at it:`;
  try {
    console.error(what, error, where);
  } catch {
    // What can't be shown (a revoked proxy, a getter that throws) is said.
    console.error(what, "an error that can't be shown", where);
  }
}

/**
 * Tells the hook of a failure. A hook that throws breaks nobody's task and
 * loses nothing: the console gets the failure and what the hook threw.
 */
export function tellUnobserved(failure: UnobservedFailure): void {
  inForce.failures++;
  const threw = (error: unknown) => {
    reportToConsole(failure);
    console.error("The hook onUnobservedFailure threw:", error);
  };
  try {
    const result: unknown = (inForce.onUnobservedFailure ?? reportToConsole)(
      failure,
    );
    // An async hook: nobody else handles what it throws.
    if (isThenable(result)) result.then(undefined, threw);
  } catch (error) {
    threw(error);
  }
}
