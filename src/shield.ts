import type { Cancellation } from "./core/cancellation.ts";
import { clock } from "./core/clock.ts";
import { currentNode, runIn } from "./core/current.ts";
import { end } from "./core/end.ts";
import {
  CallbackListener,
  type CancelNode,
  link,
  root,
  SHIELDED,
} from "./core/node.ts";
import { ScopeNode } from "./core/scope_node.ts";
import { stopListening } from "./core/signals.ts";
import {
  type CancelSource,
  recordOf,
  type Source,
  subscribe,
  toSource,
} from "./core/source.ts";
import { callable, duration, optionsObject } from "./core/validate.ts";
import { NodeContext, type TaskBody } from "./task/context.ts";

/** Options of {@linkcode shield}. */
export interface ShieldOptions {
  /**
   * How long the body may go on once the cancellation has come, in
   * milliseconds. Default: 1000.
   */
  grace?: number | undefined;
  /**
   * Whose cancellation is kept away. Default: that of the current task (or of
   * the innermost scope that runs in it).
   */
  signal?: CancelSource | undefined;
}

async function carryOut<T>(
  body: TaskBody<T>,
  outside: Source | undefined,
  grace: number,
): Promise<T> {
  const node = new ScopeNode(undefined, "shield", "parent");
  node.bits |= SHIELDED;
  const parent: CancelNode = currentNode() ?? root;
  link(parent, node);
  let disarm: (() => void) | undefined;
  const startGrace = (cause: Cancellation) => {
    const expire = () => node.cancelOwn(cause.through("timeout", node.origin));
    if (grace === 0) expire();
    else if (grace !== Infinity) disarm = clock.schedule(expire, grace);
  };
  const listener = new CallbackListener(startGrace);
  const record = recordOf(outside);
  if (record !== undefined) startGrace(record);
  else if (outside !== undefined) subscribe(outside, listener);
  try {
    return await runIn(node, body, new NodeContext(node));
  } finally {
    stopListening(listener);
    disarm?.();
    end(node);
  }
}

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
 * @example Closing properly
 * ```ts
 * import { createTask, shield, sleep } from "@mdc/tasks";
 * import { assertEquals } from "@std/assert";
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
 * assertEquals(log, ["closed"]);
 * assertEquals(task.status, "cancelled");
 * ```
 *
 * @typeParam T What `body` returns.
 * @param body The work; it gets a context whose signal only the end of the
 * grace period aborts.
 * @param options The grace period.
 * @returns What `body` returned. Rejects with what `body` threw.
 * @throws {TypeError} If `body` is no function or an option is wrong.
 * @throws {RangeError} If the grace period is `NaN` or negative.
 */
export function shield<T>(
  body: TaskBody<T>,
  options: ShieldOptions = {},
): Promise<T> {
  callable(body, "the body of shield()");
  optionsObject(options, "shield()");
  const { grace = 1000, signal } = options;
  const ms = duration(grace, "grace");
  const outside = signal === undefined
    ? currentNode()
    : toSource(signal, "the signal of shield()");
  return carryOut(body, outside, ms);
}
