import { leavesScope } from "./core/asked.ts";
import type { Cancellation } from "./core/cancellation.ts";
import { now, schedule } from "./core/clock.ts";
import { currentNode } from "./core/current.ts";
import { follow } from "./core/follow.ts";
import { sourceOption } from "./core/hang.ts";
import { optionsOf } from "./core/options.ts";
import { nothing } from "./core/quiet.ts";
import type { ScopeNode } from "./core/scope_node.ts";
import { type CancelSource, toSource } from "./core/source.ts";
import { callable, duration } from "./core/validate.ts";
import { CancelScope } from "./scope.ts";
import type { ScopeBody } from "./scope_context.ts";

/** Options of {@linkcode shield}. */
export interface ShieldOptions {
  /**
   * How long the body may go on once the cancellation has come, in
   * milliseconds. Default: 1000.
   */
  grace?: number | undefined;
  /**
   * One more source whose cancellation starts the grace period, beside that of
   * the current task (or of the innermost scope that runs in it).
   */
  signal?: CancelSource | null | undefined;
}

let shields = 0;

/**
 * Runs `body` where outer cancellation doesn't reach it: for cleanup that has
 * to wait for something. When a cancellation comes (or has come already), a
 * grace period begins; when that is over, the body is cancelled.
 *
 * - The body is always awaited: no orphan, and its error is never lost.
 * - The outer cancellation isn't swallowed: the next wait after the shield
 *   sees it.
 * - When the grace period is over, the body's waits reject with a cancellation
 *   of kind `"timeout"`, whose `cause` is the one that was kept away.
 *
 * @example
 * Closing properly
 * ```ts
 * import { createTask, shield, sleep } from "@mdc/tasks";
 *
 * const log: string[] = [];
 * const task = createTask(async (context) => {
 *   try {
 *     await context.sleep(60_000);
 *   } finally {
 *     await shield(async () => {
 *       await sleep(1);
 *       log.push("closed");
 *     }, { grace: 500 });
 *   }
 * });
 * task.cancel();
 * await task.catch(() => {});
 * console.log(log); // ["closed"]
 * console.log(task.status); // "cancelled"
 * ```
 *
 * @typeParam T What `body` returns.
 * @param body The work; it gets the scope's own context, whose signal only the
 * end of the grace period aborts.
 * @param options The grace period.
 * @returns What `body` returned. Rejects with what `body` threw.
 * @throws {TypeError} If `body` is no function or an option is wrong.
 * @throws {RangeError} If the grace period is `NaN` or negative.
 */
export function shield<T>(
  body: ScopeBody<T>,
  options?: ShieldOptions,
): Promise<T> {
  callable(body, "the body of shield()");
  const { grace = 1000, signal } = optionsOf<ShieldOptions>(
    options,
    "shield()",
    ["grace", "signal"],
  );
  const ms = duration(grace, "grace");
  const name = `shield-${++shields}`;
  const outside = [currentNode(), sourceOption(signal, "shield()")];
  const scope = new CancelScope({ name, shield: true, signal });
  const node = toSource(scope, "scope") as ScopeNode;
  let disarm: (() => void) | undefined;
  const startGrace = (cause: Cancellation) => {
    if (disarm !== undefined) return;
    const expire = () => node.cancelOwn(cause.through("timeout", node.origin));
    if (ms === 0) return expire();
    node.graceEnds = now() + ms;
    disarm = ms === Infinity ? nothing : schedule(expire, ms);
  };
  const releases = outside.map((source) =>
    follow(source ?? undefined, startGrace)
  );
  return scope["~run"](body, (error, quietly) => {
    // The end of the grace, or cancel() inside, is no quiet end here.
    quietly();
    leavesScope(error, node.origin);
    throw error;
  }, () => {
    for (const release of releases) release();
    disarm?.();
  });
}
