import type {
  EndedEvent,
  TraceEvent,
  TraceKind,
  TraceSubscription,
} from "@mdc/tasks/trace";
import { printable, subscribe } from "@mdc/tasks/trace";
import { describeError } from "../text/describe_error.ts";
import { checkOptions, numberOption } from "../text/options.ts";
import { reasonChain } from "../text/reason_chain.ts";
import { shorten } from "../text/shorten.ts";

/** The levels that both kinds of loggers have. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** What a line is written for. */
export type LoggedEvent =
  | "started"
  | "cancelling"
  | "completed"
  | "cancelled"
  | "failed";

/** A logger with a method a level: the console, pino, and what is like them. */
export type Logger = {
  readonly [level in LogLevel]: (...words: never[]) => unknown;
};

/** Options of {@linkcode logTasks}. */
export interface LogTasksOptions {
  /**
   * The level of each event; `null` writes no line. Default: `failed` is an
   * `error`, `cancelling` and `cancelled` are `info`, the others `debug`.
   */
  levels?: { readonly [event in LoggedEvent]?: LogLevel | null } | undefined;
  /** What is logged beside tasks. Default: nothing. */
  kinds?: readonly TraceKind[] | undefined;
  /**
   * The part of the tasks that is logged, from 0 to 1; either all lines of a
   * task are written or none, and a failure always is. Default: 1.
   */
  sample?: number | undefined;
  /**
   * How the logger is called: `fields-first` as pino wants it,
   * `message-first` as the console shows it best. Default: by the logger.
   */
  order?: "fields-first" | "message-first" | undefined;
}

const LEVELS: { readonly [event in LoggedEvent]: LogLevel } = {
  started: "debug",
  cancelling: "info",
  completed: "debug",
  cancelled: "info",
  failed: "error",
};

function checkLogger(logger: Logger): void {
  for (const level of ["debug", "info", "warn", "error"] as const) {
    if (typeof logger?.[level] === "function") continue;
    throw new TypeError(
      `Cannot log tasks: expected a logger with a method ${level}(), received ${
        typeof logger === "object" ? "an object without it" : String(logger)
      }`,
    );
  }
}

/** Spreads ids evenly over 0 to 1: neighbours are no more alike than others. */
function spread(id: string): number {
  let hash = 2_166_136_261;
  for (const character of id) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_507);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

/**
 * Writes one line to a logger for each start, cancellation and end of a task,
 * with its id, its owner and the chain of reasons as fields.
 *
 * @example
 * Failures and cancellations of a program
 * ```ts
 * import { createTask } from "@mdc/tasks";
 * import { logTasks } from "@mdc/devtools/log";
 * import { assertEquals } from "@std/assert";
 *
 * const lines: string[] = [];
 * const write = (_fields: object, message: string) => lines.push(message);
 * const logger = { debug() {}, info: write, warn: write, error: write };
 * const logging = logTasks(logger);
 * const failing = createTask(() => Promise.reject(new Error("disk full")), {
 *   name: "writer",
 * });
 * await failing.catch(() => {});
 * logging.unsubscribe();
 * assertEquals(lines, ['task "writer" failed: Error: disk full']);
 * ```
 *
 * @param logger The console, pino, or what is like them.
 * @param options Which lines, and at which level.
 * @returns What ends it; it is disposable.
 * @throws {TypeError} If the logger lacks a level or an option is wrong.
 * @throws {RangeError} If `sample` is not between 0 and 1.
 */
export function logTasks(
  logger: Logger,
  options?: LogTasksOptions,
): TraceSubscription {
  checkLogger(logger);
  const { levels = {}, kinds = [], sample, order } = checkOptions(
    options,
    "logTasks()",
    ["levels", "kinds", "sample", "order"],
  );
  const part = numberOption(sample, "sample", { fallback: 1, least: 0 });
  if (part > 1) {
    throw new RangeError(
      `Cannot use sample: expected at most 1, received ${part}`,
    );
  }
  const shown = new Set<TraceKind>(["task", ...kinds]);
  const messageFirst = (order ??
    (logger as unknown === globalThis.console
      ? "message-first"
      : "fields-first")) === "message-first";

  const write = (
    what: LoggedEvent,
    event: TraceEvent,
    more: object,
    words: string,
  ) => {
    const level = levels[what] === undefined ? LEVELS[what] : levels[what];
    if (level === null || !shown.has(event.kind)) return;
    if (what !== "failed" && spread(event.id) >= part) return;
    const { id, kind } = event;
    const name = shorten(event.name, 200);
    const fields = { event: what, id, kind, name, ...more };
    const message = `${kind} "${printable(name)}" ${printable(words)}`;
    const method = logger[level] as (...words: unknown[]) => unknown;
    if (messageFirst) method.call(logger, message, fields);
    else method.call(logger, fields, message);
  };
  const begun = new Map<string, number>();
  return subscribe({
    started(event) {
      const { id, at, owner, earlier } = event;
      begun.set(id, at);
      const more = owner === undefined ? {} : { owner };
      if (!earlier) write("started", event, more, "started");
    },
    cancelling(event) {
      const reason = reasonChain(event.reason);
      const why = reason[0]?.message === undefined
        ? ""
        : `: ${reason[0].message}`;
      write("cancelling", event, { reason }, `was asked to stop${why}`);
    },
    ended(event) {
      const elapsed = event.at - (begun.get(event.id) ?? event.at);
      begun.delete(event.id);
      write(event.status, event, { elapsed, ...endOf(event) }, words(event));
    },
  });
}

function endOf({ status, error, reason }: EndedEvent): object {
  return {
    ...(status === "failed" ? { error: describeError(error) } : {}),
    ...(reason === undefined ? {} : { reason: reasonChain(reason) }),
  };
}

function words({ status, error }: EndedEvent): string {
  if (status !== "failed") return status;
  const { name, message } = describeError(error);
  return `failed: ${name}: ${message}`;
}
