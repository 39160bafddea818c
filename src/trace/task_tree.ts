import { epoch, now } from "../core/clock.ts";
import { diagnosticsOf } from "../core/diagnostics.ts";
import { ignoredBy } from "../core/door.ts";
import {
  ADOPTED,
  CANCELLING,
  type CancelNode,
  root,
  SHIELDED,
} from "../core/node.ts";
import type { ScopeNode } from "../core/scope_node.ts";
import { isTaskNode, type TaskNode } from "../core/task_node.ts";
import type { ProgressSnapshot } from "../progress/progress_values.ts";
import { knownProgress } from "../progress/task_progress.ts";
import type { CancelReason } from "../reason.ts";
import { waitCycles, waitedFor } from "../run/wait_cycles.ts";
import type { TraceKind, WaitTarget } from "./events.ts";
import { idOf, kindOf, type Shown } from "./identity.ts";
import { shownChildren } from "./live_nodes.ts";
import { record } from "./record.ts";
import { targetOf } from "./wait_target.ts";

/** What a task of the tree waits for. */
export interface TreeWait extends WaitTarget {
  /** How long already, in milliseconds. */
  readonly elapsed: number;
}

/** A task, scope or group that has not ended. */
export interface TaskTreeNode {
  /** Unique in the process; that of a task is its `id` as text. */
  readonly id: string;
  /** What it is. */
  readonly kind: TraceKind;
  /** Its name. */
  readonly name: string;
  /** Whether it was asked to stop. */
  readonly status: "running" | "cancelling";
  /** Why it was asked to stop. */
  readonly reason?: CancelReason;
  /** How long ago it was started, in milliseconds, if that is known. */
  readonly age?: number;
  /** Where it was created, as lines of a stack, if that is known. */
  readonly place?: string;
  /** Whether it has outlived what it belonged to. */
  readonly lingering: boolean;
  /** Whether cancellation from outside stops here: the scope of a `shield()`. */
  readonly shielded: boolean;
  /** How long until the deadline of a scope, in milliseconds, if it has one. */
  readonly timeLeft?: number;
  /** How often it began to wait after it was asked to stop. */
  readonly ignored?: number;
  /** What it waits for in this library, if that is known, the oldest first. */
  readonly waits: readonly TreeWait[];
  /** How far it is, if somebody has asked for its progress. */
  readonly progress?: ProgressSnapshot;
  /** What belongs to it, in order of creation. */
  readonly children: readonly TaskTreeNode[];
}

/** What runs in this process at one moment. */
export interface TaskTree {
  /** When it was taken, in milliseconds since the epoch. */
  readonly at: number;
  /** How many tasks run. */
  readonly tasks: number;
  /** What belongs to nobody, with what belongs to it. */
  readonly roots: readonly TaskTreeNode[];
  /**
   * Tasks that wait for each other in a circle: each for the next, the last
   * for the first. None of them can ever end by itself.
   */
  readonly cycles: readonly (readonly { name: string; id: string }[])[];
}

function waitsOf(node: Shown, now: number): TreeWait[] {
  const open = [...record.waits.get(node) ?? []];
  if (open.length > 0) {
    return open.map((wait) => ({
      ...targetOf(wait),
      elapsed: now - wait.since,
    }));
  }
  const last = diagnosticsOf(node)?.checkpoint;
  if (last === undefined || onlyWaitOf(node) === undefined) return [];
  const { what, on, at } = last;
  return [{ ...targetOf({ what, on }), elapsed: now - at }];
}

/** The task or group that a task waits for, if it waits for nothing else. */
function onlyWaitOf(node: Shown): CancelNode | undefined {
  const open = [...record.waits.get(node) ?? []];
  if (open.length > 1) return undefined;
  return open.length === 1
    ? open[0]!.on
    : isTaskNode(node)
    ? waitedFor(node)
    : undefined;
}

function factsOf(node: Shown, now: number): Omit<TaskTreeNode, "children"> {
  const { bits, record: cancellation } = node;
  const cancelling = (bits & CANCELLING) !== 0;
  const known = diagnosticsOf(node);
  const born = known?.created ?? record.born.get(node);
  const deadline = isTaskNode(node) ? Infinity : (node as ScopeNode).deadline;
  const ignored = ignoredBy(node)?.times;
  const progress = knownProgress(node)?.snapshot();
  return {
    id: idOf(node),
    kind: kindOf(node),
    name: node.name,
    status: cancelling ? "cancelling" : "running",
    ...(cancellation === null ? {} : { reason: cancellation.reason }),
    ...(born === undefined ? {} : { age: now - born }),
    ...(known === undefined ? {} : { place: known.place }),
    lingering: (bits & ADOPTED) !== 0,
    shielded: (bits & SHIELDED) !== 0,
    ...(deadline === Infinity ? {} : { timeLeft: deadline - now }),
    ...(ignored === undefined ? {} : { ignored }),
    waits: waitsOf(node, now),
    ...(progress === undefined ? {} : { progress }),
  };
}

/**
 * What runs in this process now: every task, scope and group, in the tree of
 * who belongs to whom.
 *
 * Ages and waits are known of what began while somebody was subscribed. With
 * `configure({ creationSites: true })` places and ages are, and which task or
 * group a task waits for.
 *
 * @example
 * Looking at a server and its handler
 * ```ts
 * import { createTask, sleep } from "@mdc/tasks";
 * import { taskTree } from "@mdc/tasks/trace";
 *
 * const server = createTask(async () => {
 *   await createTask(() => sleep(60_000), { name: "handler" });
 * }, { name: "server" });
 * const { roots } = taskTree();
 * console.log(roots[0]?.name); // "server"
 * console.log(roots[0]?.children[0]?.name); // "handler"
 * server.cancel();
 * ```
 *
 * @returns The tree, as plain data that doesn't change any more.
 */
export function taskTree(): TaskTree {
  const time = now();
  const tasks: TaskNode<unknown>[] = [];
  const treeOf = (node: Shown, children: TaskTreeNode[]): TaskTreeNode => ({
    ...factsOf(node, time),
    children,
  });
  const roots: TaskTreeNode[] = [];
  // Without recursion: a chain of owners may be longer than the stack is deep.
  const rest = shownChildren(root).reverse().map((node) => ({
    node,
    into: roots,
  }));
  for (let step = rest.pop(); step !== undefined; step = rest.pop()) {
    const { node, into } = step;
    if (isTaskNode(node)) tasks.push(node);
    const children: TaskTreeNode[] = [];
    into.push(treeOf(node, children));
    for (const child of shownChildren(node).reverse()) {
      rest.push({ node: child, into: children });
    }
  }
  const cycles = waitCycles(tasks, onlyWaitOf).map((cycle) =>
    cycle.map((task) => ({ name: task.name, id: idOf(task) }))
  );
  return { at: epoch(), tasks: tasks.length, roots, cycles };
}
