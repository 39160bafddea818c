import { onEnd } from "../core/end.ts";
import { follow } from "../core/follow.ts";
import { quiet } from "../core/quiet.ts";
import type { Source } from "../core/source.ts";
import type { TaskNode } from "../core/task_node.ts";
import { InvalidStateError } from "../errors.ts";
import type { TaskContext } from "../task/context.ts";
import { start } from "../task/start.ts";
import type { Members } from "./members.ts";
import type { Started } from "./options.ts";

/** Starts a prepared child and waits until it says that it is ready. */
export function untilReady<R>(
  task: TaskNode<unknown>,
  members: Members,
  caller: Source | undefined,
  body: (context: TaskContext, started: Started<R>) => unknown,
): Promise<R> {
  let resolve: (value: R) => void;
  let reject: (error: unknown) => void;
  const promise = new Promise<R>((...both) => [resolve, reject] = both);
  let ready = false;
  const undivert = members.divert(task, (error) => reject(error));
  /** A cancellation is handled, as that of a task which nobody awaits is. */
  const giveUp = (error: unknown) => {
    reject(error);
    quiet(promise);
  };
  const unfollow = follow(caller, (record) => {
    // Nobody waits any more: what it fails with later is the group's.
    undivert();
    task.cancel(record.error);
    giveUp(record.error);
  });
  onEnd(task, () => {
    unfollow();
    if (ready) return;
    if (task.cancelled) giveUp(task.record!.error);
    else if (task.status === "completed") {
      reject(
        new InvalidStateError(
          `Cannot start task "${task.name}": it ended without calling started()`,
        ),
      );
    }
  });
  start(task, (context) =>
    body(
      context,
      ((value: R) => {
        if (ready) {
          throw new InvalidStateError(
            `Cannot call started() of task "${task.name}": it was called before`,
          );
        }
        ready = true;
        undivert();
        unfollow();
        resolve(value);
      }) as Started<R>,
    ));
  return promise;
}
