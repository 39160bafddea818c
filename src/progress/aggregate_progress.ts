import { iterable } from "../core/validate.ts";
import { Progress } from "./progress.ts";
import { type ProgressSource, toProgress } from "./progress_of.ts";
import { ProgressSum } from "./progress_sum.ts";

const PARTS = "a Progress, a task, a group or a tracker";

/**
 * The progress of several pieces of work as one: sums of what is done and of
 * the totals. As long as a part doesn't know its total, the parts that are
 * completed are counted instead. It ends when all parts have ended: failed if
 * one failed, cancelled if one was cancelled.
 *
 * A tracker has this for its tasks: `tracker.progress`.
 *
 * - What was cancelled or failed half-way doesn't count as done.
 * - The parts don't keep the whole alive, unless it is observed: asking again
 *   and again leaves nothing on parts that live long.
 *
 * @example
 * Two downloads as one
 * ```ts
 * import { aggregateProgress, Progress } from "@mdc/tasks";
 *
 * const one = new Progress({ total: 3 });
 * const two = new Progress({ total: 1 });
 * const whole = aggregateProgress([one, two]);
 * one.advance();
 * console.log(whole.fraction); // 0.25
 * ```
 *
 * @param parts Progresses, tasks, groups or trackers.
 * @returns The progress of the whole.
 * @throws {TypeError} If `parts` is no iterable or a part is none of them.
 */
export function aggregateProgress(
  parts: Iterable<Progress | ProgressSource>,
): Progress {
  iterable(parts, "aggregate progress", "parts");
  const sum = new ProgressSum();
  for (const part of parts) {
    sum.add(
      part instanceof Progress
        ? part
        : toProgress(part, "aggregate progress", PARTS),
    );
  }
  sum.seal();
  return sum.whole;
}
