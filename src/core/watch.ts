import type { Cancellation } from "./cancellation.ts";
import { schedule } from "./clock.ts";
import { onEnd } from "./end.ts";
import { follow } from "./follow.ts";
import { LOOKED } from "./node.ts";
import type { Source } from "./source.ts";
import type { TaskNode } from "./task_node.ts";
import { afterTick } from "./tick.ts";

/** What a wait for a task watches. */
export interface Watched {
  readonly task: TaskNode<unknown>;
  /**
   * Whether the wait hands the outcome over, and so is a look at a failure.
   * It is noted when the task ends: its owner may end in the same turn.
   */
  readonly looks?: boolean;
  /** Asks the wait to end, and the task to stop. */
  readonly cancel?: Source | undefined;
  /** Says that the task has done its work. */
  readonly completion?: Source | undefined;
  /** How long to wait; `Infinity` holds no timer. */
  readonly ms: number;
  /** Whose cancellation makes the wait reject. */
  readonly waiter?: Source | undefined;
}

/** What ended a wait, in the order of precedence within one tick. */
export type Ending =
  | { readonly by: "settled" }
  | { readonly by: "cancel"; readonly record: Cancellation }
  | { readonly by: "completion" }
  | { readonly by: "timeout" };

/**
 * Waits until the task ends or something else ends the wait. Rejects at once
 * when the waiter is cancelled. Whatever happens, nothing is left behind.
 */
export function watch(watched: Watched): Promise<Ending> {
  const { task, cancel, completion, ms, waiter } = watched;
  return new Promise((resolve, reject) => {
    const releases: (() => void)[] = [];
    const release = () => {
      for (const each of releases.splice(0)) each();
    };
    let over = false;
    let deciding = false;
    let cancelled: Cancellation | undefined;
    let completed = false;

    const finish = (ending: Ending) => {
      if (over) return;
      over = true;
      release();
      resolve(ending);
    };
    const decide = () => {
      if (cancelled !== undefined) finish({ by: "cancel", record: cancelled });
      else if (completed) finish({ by: "completion" });
      else finish({ by: "timeout" });
    };
    const fire = () => {
      if (deciding) return;
      deciding = true;
      afterTick(decide);
    };

    releases.push(follow(waiter, (record) => {
      if (over) return;
      over = true;
      release();
      reject(record.error);
    }));
    if (over) return;
    if (task.done) return finish({ by: "settled" });
    releases.push(onEnd(task, () => {
      if (watched.looks && !over) task.bits |= LOOKED;
      finish({ by: "settled" });
    }));
    releases.push(
      follow(cancel, (record) => {
        cancelled ??= record;
        fire();
      }),
      follow(completion, () => {
        completed = true;
        fire();
      }),
    );
    if (ms === 0) fire();
    else if (ms !== Infinity) releases.push(schedule(fire, ms));
  });
}
