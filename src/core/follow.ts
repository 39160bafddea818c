import type { Cancellation } from "./cancellation.ts";
import { nothing } from "./quiet.ts";
import { CallbackListener, isNode } from "./node.ts";
import { stopListening } from "./signals.ts";
import { recordOf, type Source, subscribe } from "./source.ts";

/**
 * Calls `then` once with the cancellation of `source`: at once if it has one,
 * else when it comes.
 *
 * @returns What takes it back; it does nothing once `then` was called.
 */
export function follow(
  source: Source | undefined,
  then: (record: Cancellation) => void,
): () => void {
  if (source === undefined) return nothing;
  const record = recordOf(source);
  if (record !== undefined) {
    then(record);
    return nothing;
  }
  const listener = new CallbackListener(then);
  subscribe(source, listener);
  return () => stopListening(listener);
}

/**
 * A cancellation as it comes down from its source: through a task or what runs
 * in one it names that task, and a group says that it is a group.
 */
export function comesDown(
  source: Source | undefined,
  record: Cancellation,
): Cancellation {
  if (!isNode(source)) return record;
  const { origin, passes } = source;
  return origin === undefined ? record : record.through(passes, origin);
}

/** The cancellation that a source has, as it comes down from there. */
export function passedOn(source: Source | undefined): Cancellation | undefined {
  const record = recordOf(source);
  return record && comesDown(source, record);
}
