import type { CancelReason } from "@mdc/tasks";
import { shorten } from "./shorten.ts";

/** How many links of a chain are kept; it has one for each owner it passed. */
const MOST_LINKS = 20;

const LONGEST = 1_000;

/** One link of a chain of reasons, as data that can be kept. */
export interface ReasonLink {
  /** What kind of source asked. */
  readonly kind: CancelReason["kind"];
  /** The words of whoever asked. */
  readonly message?: string;
  /** The task that asked, or through which the request came. */
  readonly source?: { readonly name: string; readonly id: string };
  /** When it was asked, in milliseconds since the epoch. */
  readonly at: number;
}

/** The links of a reason, the nearest first. */
export function reasonChain(reason: CancelReason): ReasonLink[] {
  const links: ReasonLink[] = [];
  let at: CancelReason | undefined = reason;
  while (at !== undefined && links.length < MOST_LINKS) {
    const { kind, message, source } = at;
    links.push({
      kind,
      ...(message === undefined ? {} : { message: shorten(message, LONGEST) }),
      ...(source === undefined ? {} : {
        source: { name: shorten(source.name, 200), id: String(source.id) },
      }),
      at: at.at,
    });
    at = at.cause;
  }
  return links;
}
