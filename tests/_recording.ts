import type { TraceObserver } from "../trace.ts";

/** What happened, a line an event. */
export function recording(): { log: string[]; observer: TraceObserver } {
  const log: string[] = [];
  const observer: TraceObserver = {
    started: ({ name, kind, earlier }) =>
      log.push(`${name} started as ${kind}${earlier ? ", earlier" : ""}`),
    waiting: ({ name, for: { kind, what } }) =>
      log.push(`${name} waits for ${kind}: ${what}`),
    resumed: ({ name, for: { what } }) => log.push(`${name} resumed: ${what}`),
    cancelling: ({ name, reason }) =>
      log.push(`${name} cancelling: ${reason.kind}`),
    ended: ({ name, status }) => log.push(`${name} ${status}`),
  };
  return { log, observer };
}
