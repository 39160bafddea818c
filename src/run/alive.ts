import { LONGEST_DELAY } from "../core/clock.ts";
import { nothing } from "../core/quiet.ts";
import { guarded } from "./guarded.ts";
import { activeResources, hostProcess } from "./host.ts";
import { formatTime } from "./words.ts";

/** What `run()` tells when a program has ended and its process has not. */
export interface AliveReport {
  /** How long ago the program has ended, in milliseconds. */
  readonly after: number;
  /**
   * What holds the process, in the runtime's own words, such as
   * `"TCPServerWrap"`. Empty if the runtime names nothing.
   */
  readonly resources: readonly string[];
}

/** What people call it, by the names that runtimes give. */
const MEANINGS: Readonly<Record<string, string>> = {
  Timeout: "a timer",
  TCPServerWrap: "a server that listens",
  TCPSocketWrap: "a connection",
  PipeWrap: "a pipe, such as stdin",
  TTYWrap: "a terminal, such as stdin",
  ProcessWrap: "a child process",
  FSEventWrap: "a watch on files",
  MessagePort: "a message port or a worker",
};

function describe([name, count]: [string, number]): string {
  const times = count === 1 ? "" : `${count} × `;
  const meaning = MEANINGS[name];
  return times + name + (meaning === undefined ? "" : ` (${meaning})`);
}

/**
 * Writes in one line what keeps the process of a finished program alive.
 *
 * @example
 * What it looks like
 * ```ts
 * import { formatAlive } from "@mdc/tasks";
 *
 * console.log(formatAlive({ after: 5_000, resources: ["TCPServerWrap"] }));
 * // "The program has ended, but 5.0 s later its process is still held by TCPServerWrap (a server that listens)"
 * ```
 *
 * @param report What `run()` told.
 * @returns The line.
 */
export function formatAlive({ after, resources }: AliveReport): string {
  const counts = new Map<string, number>();
  for (const name of resources) counts.set(name, (counts.get(name) ?? 0) + 1);
  const holders = counts.size === 0
    ? "something that the runtime doesn't name (a server, a worker, a child process)"
    : [...counts].map(describe).join(", ");
  return `The program has ended, but ${
    formatTime(after)
  } later its process is still held by ${holders}`;
}

let disarm = nothing;

/** A new program begins: what the last one left is no concern any more. */
export function forgetAlive(): void {
  disarm();
}

/**
 * Tells what holds the process if it still lives after `ms`. Waiting for this
 * doesn't hold it: that takes the timer of a signal, and the method of
 * `EventTarget`, since some runtimes hold the process for whoever listens by
 * the signal's own.
 */
export function tellIfAlive(
  ms: number,
  onAlive: (report: AliveReport) => void,
): void {
  forgetAlive();
  const host = hostProcess();
  if (host === undefined || ms > LONGEST_DELAY) return;
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const over = AbortSignal.timeout(Math.ceil(ms));
  const tell = () =>
    guarded(
      "onAlive",
      () => onAlive({ after: ms, resources: activeResources(host) }),
    );
  addEventListener.call(over, "abort", tell, { once: true });
  disarm = () => removeEventListener.call(over, "abort", tell);
}
