/** A task that has not ended although it was cancelled and had its time. */
export interface StuckTask {
  /** The task's name. */
  readonly name: string;
  /** The task's id. */
  readonly id: number;
  /** How long ago it was created, in milliseconds, if that is known. */
  readonly age?: number;
  /** Where it was created, as lines of a stack, if that is known. */
  readonly place?: string;
  /** Which wait of this library it was in last, if there was one. */
  readonly checkpoint?: string;
  /** How long ago that wait began, in milliseconds. */
  readonly idle?: number;
}

/** What `run()` tells when tasks don't end. */
export interface StuckReport {
  /** The signal of the operating system that ended the program, if one did. */
  readonly signal: string | undefined;
  /** How long the tasks had, in milliseconds. */
  readonly grace: number;
  /** The tasks, each before its children. */
  readonly tasks: readonly StuckTask[];
}

function time(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function describe(task: StuckTask): string {
  const { name, age, place, checkpoint, idle } = task;
  const facts = [
    age === undefined ? undefined : `${time(age)} old`,
    checkpoint === undefined
      ? "has not waited in this library"
      : `last wait: ${checkpoint}, ${time(idle ?? 0)} ago`,
  ].filter((fact) => fact !== undefined);
  const line = `  task "${name}": ${facts.join(", ")}`;
  if (place === undefined || place === "") return line;
  const where = place.split("\n").map((at) => `      ${at.trim()}`);
  return [line, "    created", ...where].join("\n");
}

/**
 * Writes a report of stuck tasks for people to read.
 *
 * @example What it looks like
 * ```ts
 * import { formatStuck } from "@mdc/tasks";
 * import { assertEquals } from "@std/assert";
 *
 * const text = formatStuck({
 *   signal: "SIGTERM",
 *   grace: 5000,
 *   tasks: [{ name: "poller", id: 7, age: 61_000, checkpoint: "sleep()", idle: 250 }],
 * });
 * assertEquals(
 *   text,
 *   `1 task has not ended within 5.0 s after SIGTERM:
 *   task "poller": 61.0 s old, last wait: sleep(), 250 ms ago`,
 * );
 * ```
 *
 * @param report What `run()` told.
 * @returns The text, of several lines.
 */
export function formatStuck(report: StuckReport): string {
  const { signal, grace, tasks } = report;
  const count = tasks.length === 1
    ? "1 task has"
    : `${tasks.length} tasks have`;
  const after = signal === undefined ? "the end of the program" : signal;
  return [
    `${count} not ended within ${time(grace)} after ${after}:`,
    ...tasks.map(describe),
  ].join("\n");
}
