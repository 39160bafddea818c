import {
  aggregateProgress,
  allTasks,
  Progress,
  progressOf,
  type ProgressSource,
  type Task,
} from "@mdc/tasks";
import { subscribe, taskTree, type TaskTreeNode } from "@mdc/tasks/trace";
import type { Rows } from "./rows.ts";

/** What has a progress: a `Progress`, a task, a group or a tracker. */
export type Showable = Progress | ProgressSource;

/** A piece of work with the name that is shown. */
export interface NamedProgress {
  /** What is shown in front of the bar. */
  readonly name: string;
  /** How far it is. */
  readonly progress: Showable;
}

/** One thing to show, or several. */
export type ShownSource =
  | Showable
  | NamedProgress
  | readonly (Showable | NamedProgress)[];

/** What is watched for new rows. */
export interface Watched {
  /** The whole of what is shown, if that is known. */
  readonly whole: Progress | undefined;
  /**
   * Looks for pieces of work that are new, unless that would be too often; says
   * whether it has to look again.
   */
  look(): boolean;
  release(): void;
}

function wrong(source: unknown): TypeError {
  const received = typeof source === "object" && source !== null
    ? "an object that is none of them"
    : String(source);
  return new TypeError(
    "Cannot show progress: expected a Progress, a task, a group, a tracker, " +
      `or an array of them, received ${received}`,
  );
}

/** The progress of whatever has one, also of `{ name, progress: task }`. */
function progressIn(source: unknown): Progress {
  for (const one of [source, Object(source).progress]) {
    if (one instanceof Progress) return one;
    try {
      return progressOf(one as ProgressSource);
    } catch {
      // It is none of those.
    }
  }
  throw wrong(source);
}

function nameOf(source: unknown, index: number): string {
  const { name } = Object(source) as { name?: unknown };
  return typeof name === "string" && name !== "" ? name : `#${index + 1}`;
}

function fixed(sources: readonly unknown[], rows: Rows): Watched {
  const parts = sources.map((source, i) => ({
    name: nameOf(source, i),
    progress: progressIn(source),
  }));
  for (const part of parts) rows.add({ ...part, keep: true });
  const whole = aggregateProgress(parts.map(({ progress }) => progress));
  return { whole, look: () => false, release() {} };
}

function one(source: unknown, rows: Rows): Watched {
  const { name } = Object(source) as { name?: unknown };
  const progress = progressIn(source);
  rows.add({
    name: typeof name === "string" ? name : "progress",
    progress,
    keep: true,
  });
  return { whole: undefined, look: () => false, release() {} };
}

/** The tasks of a tracker, and those that come. */
function tracked(
  source: Iterable<Task> & { readonly progress: Progress },
  rows: Rows,
  changed: () => void,
): Watched {
  const whole = source.progress;
  const look = () => {
    for (const task of source) {
      rows.add({ name: task.name, progress: progressOf(task), keep: false });
    }
    return false;
  };
  look();
  // It changes when a task comes as well.
  return { whole, look, release: whole.subscribe(changed) };
}

/** Adds every task that reports progress. */
function addAll(rows: Rows): void {
  const ids = new Set<string>();
  const rest: TaskTreeNode[] = [...taskTree().roots];
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    if (node.kind === "task" && node.progress !== undefined) ids.add(node.id);
    for (const child of node.children) rest.push(child);
  }
  if (ids.size === 0) return;
  for (const task of allTasks()) {
    if (!ids.has(String(task.id))) continue;
    rows.add({ name: task.name, progress: progressOf(task), keep: false });
  }
}

/** The part of the time that may go into looking, as one in so many. */
const SHARE = 20;

/** Every task that reports progress, as soon as something happens to it. */
function everything(
  rows: Rows,
  changed: () => void,
  now: () => number,
): Watched {
  let [asked, next] = [true, -Infinity];
  const look = () => {
    if (!asked || now() < next) return asked;
    asked = false;
    const start = performance.now();
    addAll(rows);
    // With few tasks it costs nothing.
    const cost = performance.now() - start;
    next = cost < 5 ? -Infinity : now() + SHARE * cost;
    return false;
  };
  look();
  const tell = () => {
    asked = true;
    changed();
  };
  const observer = { started: tell, waiting: tell, ended: tell };
  const subscription = subscribe(observer);
  return { whole: undefined, look, release: () => subscription.unsubscribe() };
}

/** Begins to watch what is to be shown. */
export function watchSource(
  source: unknown,
  rows: Rows,
  { changed, now }: { changed: () => void; now: () => number },
): Watched {
  if (source === undefined) return everything(rows, changed, now);
  if (Array.isArray(source)) return fixed(source, rows);
  if (typeof source !== "object" || source === null) throw wrong(source);
  const { progress } = source as { progress?: unknown };
  return Symbol.iterator in source && progress instanceof Progress
    ? tracked(source as Parameters<typeof tracked>[0], rows, changed)
    : one(source, rows);
}
