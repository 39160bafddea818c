import type { CancelOrigin } from "../reason.ts";
import type { Cancellation } from "./cancellation.ts";
import { inForce } from "./in_force.ts";
import {
  abort,
  ADOPTED,
  alive,
  CANCELLING,
  type CancelNode,
  CLOSED,
  link,
  SHIELDED,
  unlink,
  unlisten,
} from "./node.ts";
import { observed } from "./observed.ts";
import { uncaught } from "./uncaught.ts";

function tellListeners(node: CancelNode): void {
  const record = node.record as Cancellation;
  for (
    let listener = node.listeners;
    listener !== null;
    listener = node.listeners
  ) {
    unlisten(listener);
    try {
      listener.cancelled(record);
    } catch (error) {
      // Those who come next are told all the same.
      uncaught(error);
    }
  }
}

/** Something outside of the tree that is told after all nodes are marked. */
type Outsider = CancelNode | (() => void);

/** The nodes that are marked while their links are followed, or `null`. */
let marked: CancelNode[] | null = null;
/** Signals and controllers whose turn comes after the links. */
let outsiders: Outsider[] = [];

/** How many cancellations may be under way, each started by a signal of one. */
const DEEPEST = 50;

let depth = 0;
/** Who is told as soon as there is room on the stack. */
const waiting: Outsider[] = [];

function tellOutsider(outsider: Outsider): void {
  if (typeof outsider !== "function") return abort(outsider);
  try {
    outsider();
  } catch (error) {
    uncaught(error);
  }
}

/**
 * Tells signals and controllers in order. A listener of one may cancel the
 * next node, whose signal has such a listener too; a chain of them that is
 * longer than the stack is deep is told by the outermost call, before it
 * returns.
 */
function tellOutsiders(all: readonly Outsider[]): void {
  if (depth === DEEPEST) {
    for (const each of all) waiting.push(each);
    return;
  }
  depth++;
  for (const each of all) tellOutsider(each);
  if (depth === 1) {
    for (const each of waiting) tellOutsider(each);
    waiting.length = 0;
  }
  depth--;
}

/**
 * Calls what isn't ours (a user's controller) because of a cancellation: once
 * everything is marked, so that its listeners find everybody cancelled who
 * will be. What it throws is reported and keeps nobody from being told.
 */
export function afterMarking(call: () => void): void {
  if (marked === null) tellOutsider(call);
  else outsiders.push(call);
}

/** What the children of a cancelled node get: one record for all of them. */
function downward(node: CancelNode): Cancellation {
  const record = node.record as Cancellation;
  const first = node.head?.record;
  if (first?.cause === record && first.source === node.origin) return first;
  return record.through(node.passes, node.origin);
}

/** Marks a node and everything below it. Iterative: no depth is too deep. */
function mark(
  start: CancelNode,
  record: Cancellation,
  into: CancelNode[],
): void {
  start.bits |= CANCELLING;
  start.record = record;
  let i = into.push(start) - 1;
  for (; i < into.length; i++) {
    const node = into[i] as CancelNode;
    const head = node.head;
    if (head === null) continue;
    let down: Cancellation | null = null;
    let child = head;
    do {
      if ((child.bits & (CLOSED | SHIELDED)) === 0) {
        down ??= downward(node);
        child.bits |= CANCELLING;
        child.record = down;
        into.push(child);
      }
      child = child.next as CancelNode;
    } while (child !== head);
  }
}

/**
 * Cancels a node and everything below it, in three steps.
 *
 * 1. The subtree is marked.
 * 2. Its listeners are told, parents before children, children in order of
 *    creation. These are waits, and links to further nodes: a link that cancels
 *    another node marks it here and leaves the telling to the outermost call,
 *    so that no chain of links overflows the stack.
 * 3. Signals abort and users' controllers are called, in the same order. Only
 *    now code runs that isn't ours, and it finds everybody cancelled who will
 *    be.
 */
export function cancelTree(start: CancelNode, record: Cancellation): void {
  if ((start.bits & CLOSED) !== 0) return;
  if (marked !== null) return mark(start, record, marked);
  const nodes: CancelNode[] = marked = [];
  let last: Outsider[];
  try {
    mark(start, record, nodes);
    for (const node of nodes) {
      node.record!.waited ??= inForce.recorder?.lastWait(node);
      if (node.listeners !== null) tellListeners(node);
      if (node.controller !== null) outsiders.push(node);
    }
  } finally {
    marked = null;
    last = outsiders;
    if (last.length > 0) outsiders = [];
  }
  if (observed.by !== undefined) {
    // One of them may end the observing.
    for (const node of nodes) observed.by?.cancelling(node);
  }
  if (last.length > 0) tellOutsiders(last);
}

/** Gives a node that was linked late the cancellation of its parent. */
export function inherit(node: CancelNode): void {
  const parent = node.up;
  if (parent === null || (parent.bits & CANCELLING) === 0) return;
  if ((node.bits & SHIELDED) !== 0) return;
  cancelTree(node, downward(parent));
}

/** Hangs a new node on `parent`, whose cancellation it inherits. */
export function enterTree(parent: CancelNode, node: CancelNode): void {
  link(parent, node);
  observed.by?.started(node);
  inherit(node);
}

/** Hands the children of an ending node to the next ancestor that runs. */
export function handOver(node: CancelNode): void {
  const to = alive(node);
  for (let child = node.head; child !== null; child = node.head) {
    unlink(child);
    child.bits |= ADOPTED;
    link(to, child);
    if (child["~kind"] === "scope") {
      (child as { origin: CancelOrigin | undefined }).origin = to.origin;
    }
    inherit(child);
  }
}
