import { type CancelReason, describeReason, formatReason } from "../reason.ts";

/** How many links of a chain of reasons are looked at. */
const MOST_LINKS = 50;

/** How many links a line shows. */
const MOST_SHOWN = 4;

/**
 * The links of a chain of reasons, the nearest first: not more than fifty, for
 * a chain has one for each owner that it came through.
 */
export function reasonLinks(
  reason: CancelReason,
): Omit<CancelReason, "cause">[] {
  const links: Omit<CancelReason, "cause">[] = [];
  let at: CancelReason | undefined = reason;
  while (at !== undefined && links.length < MOST_LINKS) {
    const { cause, ...link }: CancelReason = at;
    links.push(link);
    at = cause;
  }
  return links;
}

/** A chain of reasons in words; of a long one both ends. */
export function reasonWords(reason: CancelReason): string {
  const links = reasonLinks(reason);
  if (links.length <= MOST_SHOWN) return formatReason(reason);
  const { message: _, ...first } = links[0]!;
  const last = links.at(-1)!;
  const more = links.length < MOST_LINKS ? `${links.length - 2}` : "many";
  const ends = [describeReason(first), `(${more} more)`, describeReason(last)];
  return ends.join(" <- ");
}
