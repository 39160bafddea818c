import { now } from "../core/clock.ts";
import { diagnosticsOf } from "../core/diagnostics.ts";
import { defined } from "../core/shapes.ts";
import { ignoredBy } from "../core/door.ts";
import { type CancelNode, SHIELDED } from "../core/node.ts";
import { isScopeNode } from "../core/scope_node.ts";
import { isTaskNode, type TaskNode } from "../core/task_node.ts";
import type {
  StuckReport,
  StuckShield,
  StuckTarget,
  StuckTask,
} from "./stuck.ts";
import { scopesOf, waitCycles, waitedFor } from "./wait_cycles.ts";

type Task = TaskNode<unknown>;

function targetOf(node: CancelNode | undefined): StuckTarget | undefined {
  if (isTaskNode(node)) return { kind: "task", name: node.name, id: node.id };
  if (!isScopeNode(node)) return undefined;
  const kind = node.passes === "group" ? "group" : "scope";
  return { kind, name: node.name };
}

function shieldsOf(task: Task, now: number): StuckShield[] {
  return scopesOf(task)
    .filter(({ bits }) => (bits & SHIELDED) !== 0)
    .map(({ name, graceEnds }) => ({
      name,
      rest: Math.max(0, graceEnds - now),
    }));
}

function describeTask(task: Task): StuckTask {
  const at = now();
  const { name, id } = task;
  const known = diagnosticsOf(task);
  const checkpoint = known?.checkpoint;
  const shields = shieldsOf(task, at);
  const ignored = ignoredBy(task);
  return defined({
    name,
    id,
    age: known && at - known.created,
    place: known?.place,
    reason: known && task.reason,
    checkpoint: checkpoint?.what,
    idle: checkpoint && at - checkpoint.at,
    waitPlace: checkpoint?.place,
    waitsFor: targetOf(waitedFor(task)),
    shields: shields.length === 0 ? undefined : shields,
    ignored: ignored && { times: ignored.times, ago: at - ignored.at },
  });
}

/** Tells what is known of tasks that don't end. */
export function stuckReport(
  tasks: readonly Task[],
  { signal, grace }: { signal: string | undefined; grace: number },
): StuckReport {
  const cycles = waitCycles(tasks).map((cycle) =>
    cycle.map(({ name, id }) => ({ name, id }))
  );
  return {
    signal,
    grace,
    tasks: tasks.map(describeTask),
    ...(cycles.length === 0 ? {} : { cycles }),
  };
}
