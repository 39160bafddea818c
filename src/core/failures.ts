import type { CancelOrigin } from "../reason.ts";
import { tellUnobserved } from "./unobserved.ts";
import { macrotask } from "./clock.ts";
import { diagnosticsOf } from "./diagnostics.ts";
import { alive, type CancelNode, HAS_FAILURES, LOOKED, root } from "./node.ts";
import { defined } from "./shapes.ts";
import { shared } from "./shared.ts";

/** A failed task, as far as reports need to know it. */
export interface FailedTask extends CancelNode {
  readonly name: string;
  readonly id: number;
  readonly error: unknown;
  /** Who reports its failure in place of its parent. */
  readonly owner: FailureOwner | null;
}

/** Takes over the duty to report a failure, or declines it. */
export interface FailureOwner {
  takeFailure(task: FailedTask): boolean;
}

/**
 * How many failures an owner keeps for a late `await`. Beyond it the oldest
 * is reported at once, so that a server doesn't collect them for ever.
 */
const MOST_KEPT = 1000;

const kept: Map<CancelNode, FailedTask[]> = /* @__PURE__ */ shared(
  "failures",
  () => new Map(),
);

/** Reports a failure unless somebody has looked at it; never twice. */
export function reportFailure(task: FailedTask): void {
  if ((task.bits & LOOKED) !== 0) return;
  task.bits |= LOOKED;
  reportError(task, task.error);
}

/** Who a task is, in reports. */
export function whoIs(
  task: CancelOrigin,
): { name: string; id: number; place?: string } {
  const { name, id } = task;
  return defined({ name, id, place: diagnosticsOf(task)?.place });
}

/** Reports an error in the name of a task. */
export function reportError(task: CancelOrigin, error: unknown): void {
  tellUnobserved({ ...whoIs(task), error });
}

/** Adds a failure to those that are kept, and reports what is too much. */
export function keepFailure(list: FailedTask[], task: FailedTask): void {
  list.push(task);
  if (list.length > MOST_KEPT) reportFailure(list.shift() as FailedTask);
}

/**
 * A task failed. Its owner reports it when the owner ends; without an owner
 * it is reported one macrotask later. Who looks before is not told.
 */
export function failed(task: FailedTask): void {
  // A group takes a failure up, whoever else looks at it.
  if (task.owner?.takeFailure(task)) return;
  if ((task.bits & LOOKED) === 0) keepAt(task.up ?? root, task);
}

/** Keeps a failure at a node that runs, or reports it soon at the root. */
function keepAt(node: CancelNode, task: FailedTask): void {
  if (node === root) return macrotask(() => reportFailure(task));
  let list = kept.get(node);
  if (list === undefined) {
    kept.set(node, list = []);
    node.bits |= HAS_FAILURES;
  }
  keepFailure(list, task);
}

/** Reports what a node keeps and nobody looked at, also while it runs. */
export function reportChildren(node: CancelNode): void {
  for (const task of takeKept(node)) reportFailure(task);
}

function takeKept(node: CancelNode): readonly FailedTask[] {
  const list = kept.get(node) ?? [];
  kept.delete(node);
  return list;
}

/**
 * A node ends that keeps failures. A task was the owner: what nobody looked at
 * is reported now. A scope only lies between: the next node above that runs
 * keeps them, so that a late `await` in the same task is in time.
 */
export function releaseFailures(node: CancelNode): void {
  if (node["~kind"] === "task") return reportChildren(node);
  for (const task of takeKept(node)) {
    if ((task.bits & LOOKED) === 0) keepAt(alive(node), task);
  }
}
