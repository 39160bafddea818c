import { isObject } from "../core/shapes.ts";
import { currentNode } from "../core/current.ts";
import { sourceOption } from "../core/hang.ts";
import { isNode, isWithin } from "../core/node.ts";
import { isPlain, optionsOf } from "../core/options.ts";
import type { CancelSource, Source } from "../core/source.ts";
import { isTaskNode } from "../core/task_node.ts";
import { iterable, unexpected } from "../core/validate.ts";
import { InvalidStateError } from "../errors.ts";
import type { TaskBody } from "../task/context.ts";
import type { Task } from "../task/task.ts";

/** What a combinator takes: the body of a task to start, or a running task. */
export type Competitor<T> = TaskBody<T> | Task<T>;

/** What a competitor results in. */
export type CompetitorResult<C> = C extends TaskBody<infer T> ? T
  : C extends Task<infer T> ? T
  : never;

/** Bodies and tasks by name; the names are those of the tasks. */
export type CompetitorRecord = Readonly<Record<string, Competitor<unknown>>>;

/** Options of `all()`, `any()`, `race()`, `allSettled()` and `asCompleted()`. */
export interface CombineOptions {
  /**
   * One more source whose cancellation ends it. Where the current task isn't
   * known, it is what the tasks belong to; `null` says that there is none.
   */
  signal?: CancelSource | null | undefined;
}

/** One of those that a combinator waits for. */
export interface Entry<T> {
  readonly item: Competitor<T>;
  /** The key in a record: the name of a body that is started. */
  readonly name: string | undefined;
}

/** What a combinator was given, checked before anything is started. */
export interface Line<T> {
  readonly entries: readonly Entry<T>[];
  readonly source: Source | null | undefined;
}

function entriesOf<T>(
  items: Iterable<Competitor<T>>,
  what: string,
): Entry<T>[] {
  iterable(items, `use ${what}`, "bodies or tasks");
  return Array.from(items, (item) => ({ item, name: undefined }));
}

function check(item: unknown, line: Line<unknown>, what: string): void {
  if (typeof item === "function") return;
  if (!isTaskNode(item)) {
    throw unexpected(`use ${what}`, "a function or a Task", item);
  }
  const { source } = line;
  const current = currentNode() ?? (isNode(source) ? source : undefined);
  if (current === undefined || item.done) return;
  if (item === current.origin) throw item.waitsForItself();
  if (!isWithin(current, item)) return;
  throw new InvalidStateError(
    `Cannot use ${what}: task "${item.name}" owns the one that waits for it, and would never end`,
  );
}

function checked<T>(line: Line<T>, what: string): Line<T> {
  for (const { item } of line.entries) check(item, line, what);
  return line;
}

/** Checks bodies and tasks in an iterable, and the options. */
export function competitors<T>(
  items: Iterable<Competitor<T>>,
  options: CombineOptions | undefined,
  what: string,
): Line<T> {
  const { signal } = optionsOf<CombineOptions>(options, what, ["signal"]);
  const source = sourceOption(signal, what);
  return checked({ entries: entriesOf(items, what), source }, what);
}

/** Whether bodies and tasks were given by name. */
export function isRecord(items: unknown): items is CompetitorRecord {
  return isObject(items) &&
    !(Symbol.iterator in items) && isPlain(items);
}

/** As `competitors()`; a record with bodies and tasks will do as well. */
export function namedCompetitors<T>(
  items: Iterable<Competitor<T>> | CompetitorRecord,
  options: CombineOptions | undefined,
  what: string,
): Line<T> {
  if (!isRecord(items)) return competitors(items, options, what);
  const { signal } = optionsOf<CombineOptions>(options, what, ["signal"]);
  const source = sourceOption(signal, what);
  const entries = Object.entries(items).map(([name, item]) => ({
    item: item as Competitor<T>,
    name,
  }));
  return checked({ entries, source }, what);
}

/** The results in the shape of the items: a list, or a record. */
export function inShape<R>(items: unknown, results: readonly R[]): unknown {
  if (!isRecord(items)) return results;
  const names = Object.keys(items);
  return Object.fromEntries(names.map((name, i) => [name, results[i]]));
}

/** Refuses an empty race. */
export function atLeastOne({ entries }: Line<unknown>, what: string): void {
  if (entries.length > 0) return;
  throw new TypeError(
    `Cannot use ${what}: expected at least one body or task, received none`,
  );
}
