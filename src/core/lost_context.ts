import { inForce, type LostContext } from "./in_force.ts";
import { Place } from "./place.ts";

/** How often a lost context is told. */
const MOST_TOLD = 10;

/** What tells of a lost context by default. */
export function warnOfLostContext({ what, place }: LostContext): void {
  console.warn(
    `${what} belongs to no task: after an await the current task isn't known here. Hand on the context: "signal: context" (or "parent: context"), or say "signal: null".\n${place}`,
  );
}

/** Tells that a call has lost its context, unless that was told often enough. */
export function tellLostContext(what: string, above: unknown): void {
  if (inForce.lost >= MOST_TOLD) return;
  inForce.lost++;
  const { place } = new Place(above);
  (inForce.onLostContext ?? warnOfLostContext)({ what, place });
}
