/** What a suggestion says about its risk. */
import type { Verdict } from "../host/rule.ts";

/** A maintainer would merge the edit unread. */
export function safe(why: string): Verdict {
  return { risk: "safe", why };
}

/** The edit has to be read. */
export function review(why: string): Verdict {
  return { risk: "review", why };
}
