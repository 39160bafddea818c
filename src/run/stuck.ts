import {
  type CancelOrigin,
  type CancelReason,
  formatReason,
  linksOf,
} from "../reason.ts";
import { formatTime } from "./words.ts";

/** What a stuck task waits for, if that is a task or a scope that still runs. */
export interface StuckTarget {
  /** What it is. */
  readonly kind: "task" | "group" | "scope";
  /** Its name. */
  readonly name: string;
  /** Its id, if it is a task. */
  readonly id?: number;
}

/** A shield that a stuck task is in. */
export interface StuckShield {
  /** Its name. */
  readonly name: string;
  /** How much of its grace is left, in milliseconds; `Infinity` has no end. */
  readonly rest: number;
}

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
  /** Where that wait was begun, as lines of a stack, if that is known. */
  readonly waitPlace?: string;
  /** The task, group or scope that this wait is for, if that still runs. */
  readonly waitsFor?: StuckTarget;
  /** The shields that keep its cancellation away, the outermost first. */
  readonly shields?: readonly StuckShield[];
  /** How often it began to wait after it was cancelled, and swallowed that. */
  readonly ignored?: {
    /** How often. */
    readonly times: number;
    /** How long ago the last time was, in milliseconds. */
    readonly ago: number;
  };
  /** Why it was cancelled, if diagnostics are on. */
  readonly reason?: CancelReason;
}

/** What `run()` tells when tasks don't end. */
export interface StuckReport {
  /** The signal of the operating system that ended the program, if one did. */
  readonly signal: string | undefined;
  /** How long the tasks had, in milliseconds. */
  readonly grace: number;
  /** The tasks, each before its children. */
  readonly tasks: readonly StuckTask[];
  /**
   * Tasks that wait for each other in a circle, so that none of them can ever
   * end: each waits for the next, the last for the first.
   */
  readonly cycles?: readonly (readonly CancelOrigin[])[];
}

function lastWait(task: StuckTask): string {
  const { checkpoint, idle = 0, waitsFor } = task;
  if (waitsFor !== undefined) {
    const { kind, name } = waitsFor;
    return `waits for ${kind} "${name}" since ${formatTime(idle)}`;
  }
  return checkpoint === undefined
    ? "has not waited in this library"
    : `last wait: ${checkpoint}, ${formatTime(idle)} ago`;
}

function inShield({ name, rest }: StuckShield): string {
  if (rest === Infinity) return `in shield "${name}" without a limit`;
  return rest > 0
    ? `in shield "${name}" for another ${formatTime(rest)}`
    : `in shield "${name}", whose grace is over`;
}

function ignores({ ignored }: StuckTask): string | undefined {
  if (ignored === undefined) return undefined;
  const times = ignored.times === 1 ? "once" : `${ignored.times} times`;
  const ago = `${formatTime(ignored.ago)} ago`;
  return `has ignored its cancellation ${times}, last ${ago}`;
}

function lines(title: string, place = ""): string[] {
  const sites = place === "" ? [] : place.split("\n");
  return [`    ${title}`, ...sites.map((at) => `      ${at.trim()}`)];
}

/** Why it was cancelled, unless that is what the report begins with. */
function cancelled({ reason }: StuckTask): string[] {
  const root = reason && linksOf(reason).at(-1);
  return !root || root.kind === "signal" || root.kind === "shutdown"
    ? []
    : lines(formatReason(reason as CancelReason), root.place);
}

function describe(task: StuckTask): string {
  const { name, age, shields = [] } = task;
  const facts = [
    age === undefined ? undefined : `${formatTime(age)} old`,
    lastWait(task),
    ...shields.map(inShield),
    ignores(task),
  ].filter((fact) => fact !== undefined);
  return [
    `  task "${name}": ${facts.join(", ")}`,
    ...(task.place ? lines("created", task.place) : []),
    ...(task.waitPlace ? lines("waits", task.waitPlace) : []),
    ...cancelled(task),
  ].join("\n");
}

function circle(tasks: readonly CancelOrigin[]): string {
  const [first] = tasks;
  const names = [...tasks, first].map((task) => `"${task?.name}"`);
  return `  tasks that wait for each other: ${names.join(" -> ")}`;
}

/**
 * Writes a report of stuck tasks for people to read.
 *
 * @example
 * What it looks like
 * ```ts
 * import { formatStuck } from "@mdc/tasks";
 *
 * const text = formatStuck({
 *   signal: "SIGTERM",
 *   grace: 5000,
 *   tasks: [{ name: "poller", id: 7, age: 61_000, checkpoint: "sleep()", idle: 250 }],
 * });
 * console.log(text.split("\n")[0]);
 * // "1 task has not ended within 5.0 s after SIGTERM:"
 * console.log(text.split("\n")[1]);
 * // '  task "poller": 61.0 s old, last wait: sleep(), 250 ms ago'
 * ```
 *
 * @param report What `run()` told.
 * @returns The text, of several lines.
 */
export function formatStuck(report: StuckReport): string {
  const { signal = "the end of the program", grace, tasks, cycles = [] } =
    report;
  const count = tasks.length === 1
    ? "1 task has"
    : `${tasks.length} tasks have`;
  return [
    `${count} not ended within ${formatTime(grace)} after ${signal}:`,
    ...tasks.map(describe),
    ...cycles.map(circle),
  ].join("\n");
}
