import type { Cancellation } from "./cancellation.ts";
import { macrotask, now } from "./clock.ts";
import { CANCELLING, isNode } from "./node.ts";
import { quiet, rejectQuietly } from "./quiet.ts";
import { shared } from "./shared.ts";
import type { Source } from "./source.ts";

/** How often waits were begun by somebody who was cancelled before. */
export interface Ignored {
  times: number;
  /** When the last of them was, on the clock. */
  at: number;
}

/**
 * How many waits in a row are refused in a microtask. Beyond it each refusal
 * takes a macrotask: a loop that swallows its cancellation can't keep signals,
 * timers and the rest of the program from their turn.
 */
const PATIENCE = 300;

/**
 * The same for all waits together: a task that starts itself anew whenever it
 * is cancelled is another one each time. One refusal of so many takes a
 * macrotask, whoever asks.
 */
const CROWD = 1000;
let refusals = 0;

const ignored: WeakMap<object, Ignored> = /* @__PURE__ */ shared(
  "ignored",
  () => new WeakMap(),
);

/** The task that was cancelled, or else what the wait listens to. */
function whoIgnores(source: Source): object {
  if (!isNode(source)) return source;
  const task = source.origin as { bits?: number } | undefined;
  return task?.bits !== undefined && (task.bits & CANCELLING) !== 0
    ? task
    : source;
}

/** What a wait gives that begins when its source is cancelled already. */
export function atDoor(source: Source, record: Cancellation): Promise<never> {
  const who = whoIgnores(source);
  let known = ignored.get(who);
  if (known === undefined) ignored.set(who, known = { times: 0, at: 0 });
  known.times++;
  known.at = now();
  if (known.times <= PATIENCE && ++refusals % CROWD !== 0) {
    return rejectQuietly(record.error);
  }
  return quiet(
    new Promise((_, reject) => macrotask(() => reject(record.error))),
  );
}

/** How often a task has begun to wait after it was cancelled. */
export function ignoredBy(task: object): Ignored | undefined {
  return ignored.get(task);
}
