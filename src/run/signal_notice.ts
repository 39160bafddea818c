import type { CancelOrigin } from "../reason.ts";
import { formatNames, formatTime } from "./words.ts";

/** What `run()` tells when a signal of the operating system has come. */
export interface SignalNotice {
  /** The name of the signal. */
  readonly signal: string;
  /**
   * What the program does now: `"drain"` gives it time to finish what it has
   * begun, `"cancel"` cancels everything, `"exit"` ends the process at once.
   */
  readonly phase: "drain" | "cancel" | "exit";
  /** How long the program may go on, in milliseconds. */
  readonly drain: number;
  /** How long tasks have for their cleanup afterwards, in milliseconds. */
  readonly grace: number;
  /** The tasks that still run, each before its children. */
  readonly tasks: readonly CancelOrigin[];
}

function phase({ phase, drain, grace }: SignalNotice): string {
  if (phase === "exit") return "again: the process exits at once";
  const cleanup = `${formatTime(grace)} to clean up`;
  const now = phase === "drain"
    ? `: ${formatTime(drain)} to finish, then ${cleanup}`
    : `: ${cleanup}`;
  return `${now}; the next signal exits at once`;
}

/**
 * Writes in one line what a signal does to the program.
 *
 * @example
 * What it looks like
 * ```ts
 * import { formatSignal } from "@mdc/tasks";
 *
 * const text = formatSignal({
 *   signal: "SIGTERM",
 *   phase: "drain",
 *   drain: 30_000,
 *   grace: 5_000,
 *   tasks: [{ name: "serve", id: 1 }, { name: "upload", id: 2 }],
 * });
 * console.log(text);
 * // 'SIGTERM: 30.0 s to finish, then 5.0 s to clean up; the next signal exits at once; running: "serve", "upload"'
 * ```
 *
 * @param notice What `run()` told.
 * @returns The line.
 */
export function formatSignal(notice: SignalNotice): string {
  const { signal, tasks } = notice;
  const space = notice.phase === "exit" ? " " : "";
  const running = tasks.length === 0 ? "" : `; running: ${formatNames(tasks)}`;
  return `${signal}${space}${phase(notice)}${running}`;
}
