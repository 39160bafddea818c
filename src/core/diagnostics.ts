import { settings } from "../settings.ts";
import { clock } from "./clock.ts";
import { type CancelNode, isNode } from "./node.ts";

/** What is known of a task beyond its state; only while diagnostics are on. */
interface Known {
  /** When it was created, on the clock. */
  readonly created: number;
  /** Where it was created, as lines of a stack. */
  readonly place: string;
  /** Where it waited last in this library, and since when. */
  checkpoint?: { readonly what: string; readonly at: number };
}

const known = new WeakMap<object, Known>();

function stackAbove(entry: unknown): string {
  const holder: { stack?: string } = {};
  const capture = (Error as {
    captureStackTrace?: (target: object, above: unknown) => void;
  }).captureStackTrace;
  if (capture === undefined) holder.stack = new Error().stack ?? "";
  else capture(holder, entry);
  const lines = (holder.stack ?? "").split("\n").filter((line) =>
    /^\s*at /.test(line)
  );
  // The folder of the library, whose own frames nobody wants to read. In a
  // bundle it is unknown: that file holds the user's frames as well.
  const here = /^(.*\/)core\/diagnostics\.[jt]s/.exec(import.meta.url)?.[1];
  const users = lines.filter((line) =>
    !(here !== undefined && line.includes(here)) &&
    !line.includes("AsyncLocalStorage.run")
  );
  return (users.length === 0 ? lines : users).join("\n");
}

/** Remembers where and when a task was created, if that was asked for. */
export function rememberCreation(task: object, entry: unknown): void {
  if (!settings.creationSites) return;
  known.set(task, { created: clock.now(), place: stackAbove(entry) });
}

/** Remembers that the task of `source` waits, if diagnostics are on. */
export function rememberCheckpoint(
  source: CancelNode | AbortSignal | undefined,
  what: string,
): void {
  if (!settings.creationSites || !isNode(source)) return;
  const task = source.origin;
  const entry = task === undefined ? undefined : known.get(task);
  if (entry !== undefined) entry.checkpoint = { what, at: clock.now() };
}

/** What is known of a task. */
export function diagnosticsOf(task: object): Known | undefined {
  return known.get(task);
}
