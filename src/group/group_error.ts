import { show } from "../core/validate.ts";

/** How many errors the message names; the error has them all. */
const MOST_NAMED = 5;

function inWords(error: unknown): string {
  try {
    return String(error);
  } catch {
    return show(error);
  }
}

/**
 * What a group throws: all its errors, some of them in words. The first is the
 * cause: what came after it may be its consequence.
 */
export function groupError(
  name: string,
  errors: readonly unknown[],
): AggregateError {
  const count = errors.length === 1 ? "1 error" : `${errors.length} errors`;
  const named = errors.slice(0, MOST_NAMED).map(inWords);
  const more = errors.length - named.length;
  if (more > 0) named.push(`and ${more} more`);
  return new AggregateError(
    errors,
    `${count} in group "${name}": ${named.join("; ")}`,
    { cause: errors[0] },
  );
}
