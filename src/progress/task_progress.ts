import { diagnosticsOf } from "../core/diagnostics.ts";
import { onEnd } from "../core/end.ts";
import type { CancelNode } from "../core/node.ts";
import { shared } from "../core/shared.ts";
import { isTaskNode } from "../core/task_node.ts";
import { Progress } from "./progress.ts";
import type { ProgressStatus } from "./progress_values.ts";

const progresses: WeakMap<CancelNode, Progress> = /* @__PURE__ */ shared(
  "progresses",
  () => new WeakMap(),
);

/** The progress of a task or group, if somebody has asked for it. */
export function knownProgress(node: CancelNode): Progress | undefined {
  return progresses.get(node);
}

/** The progress of a task, made on demand and final when the task ends. */
export function progressFor(node: CancelNode): Progress {
  const known = progresses.get(node);
  if (known !== undefined) return known;
  const progress = new Progress();
  progresses.set(node, progress);
  // Otherwise it counts from the first look, be it the body's own.
  const created = diagnosticsOf(node)?.created;
  if (created !== undefined) progress["~since"](created);
  const finish = () => {
    if (progress.status !== "running") return;
    progress.finish(
      isTaskNode(node)
        ? node.status as Exclude<ProgressStatus, "running">
        : "completed",
    );
  };
  if (isTaskNode(node) && node.done) finish();
  else onEnd(node, finish);
  return progress;
}
