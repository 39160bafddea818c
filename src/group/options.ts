import { sourceOption } from "../core/hang.ts";
import { optionsOf } from "../core/options.ts";
import type { CancelSource, Source } from "../core/source.ts";
import { duration, optionalText, unexpected } from "../core/validate.ts";
import type { FallbackOptions } from "../scope_context.ts";

/** Options of `new TaskGroup()`. */
export interface TaskGroupOptions {
  /** The name in errors and reports. */
  name?: string | undefined;
  /**
   * How long children and body may take to end once the group is cancelled, in
   * milliseconds. Then the services are asked to end, and have as long again.
   * Who runs even then is named by a {@linkcode StuckError} and left behind.
   * Default: `Infinity`, the group waits however long it takes.
   */
  grace?: number | undefined;
  /**
   * One more source whose cancellation reaches the group. Where the current
   * task isn't known, it is what the group belongs to; `null` says that there is none.
   */
  signal?: CancelSource | null | undefined;
}

/**
 * Options of `TaskGroup.run()`.
 *
 * @typeParam F What the fallback is.
 */
export interface TaskGroupRunOptions<F = undefined>
  extends TaskGroupOptions, FallbackOptions<F> {}

/**
 * When a service is asked to end: `"after"` the others, in reverse order of
 * start (as `true` says), or with the request to `"cancel"` the group, like the
 * others; in a group that isn't cancelled both end after the others.
 */
export type Service = boolean | "after" | "cancel";

/** Options of `group.spawn()`. */
export interface SpawnOptions {
  /** The name in reports and reasons. Default: the name of the body. */
  name?: string | undefined;
  /**
   * Whether it serves the other children: the group doesn't wait for it, but
   * cancels it when all ordinary children are done, in reverse order of start.
   * `"cancel"` lets it end as soon as the group is cancelled: a lease that is
   * renewed has to expire when its job ignores the cancellation.
   * Default: `false`.
   */
  service?: Service | undefined;
}

/** Options of `group.start()`. */
export interface StartOptions extends SpawnOptions {
  /**
   * Whose cancellation ends the wait, and the child with it. The default is
   * the current task; `null` means nobody's.
   */
  signal?: CancelSource | null | undefined;
}

/**
 * What a body of `group.start()` calls once, when it is ready. Its type says
 * what the call gives: `(context, started: Started<number>) => …`.
 *
 * @typeParam R What the child is ready with.
 */
export type Started<R> = unknown extends R ? (value?: R) => void
  : (value: R) => void;

/** The options of a group, checked. */
export interface CheckedGroup {
  readonly name: string | undefined;
  readonly grace: number;
  readonly source: Source | null | undefined;
}

const GROUP = ["name", "grace", "signal"] as const;

export function checkGroup(
  options: TaskGroupOptions | undefined,
  what: string,
): CheckedGroup {
  const { name, grace, signal } = optionsOf<TaskGroupOptions>(
    options,
    what,
    GROUP,
  );
  optionalText(name, "name");
  return {
    name,
    grace: duration(grace, "grace"),
    source: sourceOption(signal, what),
  };
}

/** The options of `TaskGroup.run()`: those of a group, and one more. */
export function runOptions<F>(
  options: TaskGroupRunOptions<F> | undefined,
): TaskGroupRunOptions<F> {
  return optionsOf(options, "TaskGroup.run()", [...GROUP, "fallback"]);
}

/** The options of a child, checked. */
export interface CheckedChild {
  readonly name: string | undefined;
  readonly service: Service;
  readonly source: Source | null | undefined;
}

export function checkChild(
  options: StartOptions | undefined,
  what: string,
  ...more: "signal"[]
): CheckedChild {
  const { name, service = false, signal } = optionsOf<StartOptions>(
    options,
    what,
    ["name", "service", ...more],
  );
  optionalText(name, "name");
  if (
    typeof service !== "boolean" && service !== "after" && service !== "cancel"
  ) {
    throw unexpected(
      "use service",
      'true, false, "after" or "cancel"',
      service,
    );
  }
  return { name, service, source: sourceOption(signal, what) };
}
