import { onEnd } from "../core/end.ts";
import { LOOKED } from "../core/node.ts";
import { isTaskNode, type TaskNode } from "../core/task_node.ts";

/** What wants to know how a promise settles. */
export interface Settling {
  fulfilled(value: unknown): void;
  rejected(error: unknown): void;
}

/**
 * Who waits for a promise that has not settled. A reaction can't be taken back
 * from a promise, so there is one for all who wait; they come and go, and
 * nothing piles up on a promise that outlives them.
 */
const waiting: WeakMap<Promise<unknown>, Set<Settling>> =
  /* @__PURE__ */ new WeakMap();

function reactOn(promise: Promise<unknown>): Set<Settling> {
  const all = new Set<Settling>();
  waiting.set(promise, all);
  const settle = (tell: (each: Settling) => void) => {
    waiting.delete(promise);
    for (const each of all) tell(each);
  };
  // As `await` does, which asks a promise for no method.
  Promise.prototype.then.call(
    promise,
    (value) => settle((each) => each.fulfilled(value)),
    (error) => settle((each) => each.rejected(error)),
  );
  return all;
}

/**
 * Handles a promise, as everybody does who waits for it.
 *
 * @returns Who waits for it.
 */
export function handle(value: PromiseLike<unknown>): Set<Settling> {
  // A promise gives itself. A thenable's `then` is called in a turn of its
  // own: it may throw, call back at once, or resolve with what is pending.
  const promise = Promise.resolve(value);
  return waiting.get(promise) ?? reactOn(promise);
}

/** To wait is no look: only who is told how the task ended has looked. */
function whenEnded(task: TaskNode<unknown>, settling: Settling): () => void {
  const tell = () => {
    task.bits |= LOOKED;
    if (task.status !== "completed") settling.rejected(task.thrown);
    else settling.fulfilled(task.result());
  };
  if (!task.done) return onEnd(task, tell);
  let wanted = true;
  queueMicrotask(() => wanted && tell());
  return () => wanted = false;
}

/**
 * Tells how a promise, a thenable or a task settles, once.
 *
 * @returns What takes it back, and leaves nothing on what was waited for.
 */
export function whenSettled(
  value: PromiseLike<unknown>,
  settling: Settling,
): () => void {
  if (isTaskNode(value)) return whenEnded(value, settling);
  const all = handle(value);
  all.add(settling);
  return () => all.delete(settling);
}
