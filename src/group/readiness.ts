import { onEnd } from "../core/end.ts";
import { CallbackListener, type CancelNode } from "../core/node.ts";
import { stopListening } from "../core/signals.ts";
import { recordOf, subscribe } from "../core/source.ts";
import type { TaskNode } from "../core/task_node.ts";
import { InvalidStateError } from "../errors.ts";
import type { TaskContext } from "../task/context.ts";
import { start } from "../task/start.ts";
import type { Members } from "./members.ts";

/** Starts a prepared child and waits until it says that it is ready. */
export function untilReady<R>(
  task: TaskNode<unknown>,
  members: Members,
  caller: CancelNode | undefined,
  body: (context: TaskContext, started: (value: R) => void) => unknown,
): Promise<R> {
  return new Promise((resolve, reject) => {
    let ready = false;
    const undivert = members.divert(task, reject);
    const stop = new CallbackListener((record) => {
      // Nobody waits any more: what it fails with later is the group's.
      undivert();
      task.cancel(record.error);
      reject(record.error);
    });
    onEnd(task, () => {
      stopListening(stop);
      if (ready) return;
      if (task.cancelled) reject(task.record!.error);
      else if (task.status === "completed") {
        reject(
          new InvalidStateError(
            `Cannot start task "${task.name}": it ended without calling started()`,
          ),
        );
      }
    });
    if (caller !== undefined && recordOf(caller) === undefined) {
      subscribe(caller, stop);
    }
    start(task, (context) =>
      body(context, (value) => {
        if (ready) {
          throw new InvalidStateError(
            `Cannot call started() of task "${task.name}": it was called before`,
          );
        }
        ready = true;
        undivert();
        stopListening(stop);
        resolve(value);
      }));
  });
}
