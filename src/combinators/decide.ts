import { quietable } from "../core/quiet.ts";
import type { TaskNode } from "../core/task_node.ts";
import type { Line } from "./competitors.ts";
import { Crew } from "./crew.ts";

/** How a combinator comes to its result. */
export interface Rules<T, R> {
  readonly what: string;
  /** Why those are cancelled that still run then. */
  readonly reason: string;
  /** Whether the result is that of this task, be it a value or an error. */
  decides(task: TaskNode<T>): boolean;
  /** The result if none of them decided. */
  otherwise(tasks: readonly TaskNode<T>[]): R;
}

/**
 * Waits until one decides or all have ended. A promise that rejects with a
 * cancellation is handled; failures that were seen and can't be given any more
 * because of outer cancellation are reported.
 */
export function decide<T, R>(
  { entries, source }: Line<T>,
  { what, reason, decides, otherwise }: Rules<T, R>,
): Promise<T | R> {
  return quietable(async (quietly) => {
    const crew = new Crew<T>(what, source);
    const tasks = entries.map(({ item, name }) => crew.add(item, name));
    let untold = true;
    try {
      while (await crew.another()) {
        if (crew.latest.cancelled) quietly();
        crew.throwOuter();
        if (!decides(crew.latest)) continue;
        untold = false;
        return crew.latest.result();
      }
      untold = false;
      return otherwise(tasks);
    } finally {
      await crew.leave(reason, untold);
    }
  });
}
