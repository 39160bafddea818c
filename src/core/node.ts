import type { CancelKind, CancelOrigin } from "../reason.ts";
import type { Cancellation } from "./cancellation.ts";
import { shared } from "./shared.ts";

// The state of a node, one bit each.
/** Its cancellation was requested; `record` says by whom. */
export const CANCELLING = 1;
/** It has ended and is linked nowhere. */
export const DONE = 2;
/** It ended with an error that is no cancellation. */
export const FAILED = 4;
/** It ended by cancellation. */
export const CANCELLED = 8;
/** Somebody asked for its result, or its failure was reported. */
export const LOOKED = 16;
/** Cancellation from above stops here. */
export const SHIELDED = 32;
/** Something is to be released when it ends (see `onEnd`). */
export const HAS_RELEASES = 64;
/** Children failed that nobody has looked at yet. */
export const HAS_FAILURES = 128;
/** Its parent ended first; it hangs on the next ancestor that runs. */
export const ADOPTED = 256;

/**
 * What asynchronous contexts carry. They live as long as the last timer or
 * promise that was made in them, so a node that ends takes itself out of its
 * place and leaves the way to the place above: no context keeps an ended task
 * or its value alive.
 */
export interface Place {
  node: CancelNode | null;
  above: Place | null;
}

/** What a node is, for those who look at it from outside. */
export type NodeKind = "node" | "task" | "scope" | "signal";

/**
 * Something that wants to know of a cancellation, as a member of the ring of
 * its host: added and removed in constant time, called at most once.
 */
export abstract class Listener {
  before: Listener | null = null;
  after: Listener | null = null;
  host: CancelNode | null = null;
  abstract cancelled(record: Cancellation): void;
}

/** A listener for those who have only a function. */
export class CallbackListener extends Listener {
  readonly #callback: (record: Cancellation) => void;
  constructor(callback: (record: Cancellation) => void) {
    super();
    this.#callback = callback;
  }
  cancelled(record: Cancellation): void {
    this.#callback(record);
  }
}

/**
 * A place in the tree of cancellation. Children hang on an intrusive ring
 * (`head`, `prev`, `next`), in order of creation: linking and leaving are
 * constant, a finished child leaves nothing behind. The `AbortController` is
 * made when somebody asks for the signal.
 */
export abstract class CancelNode {
  up: CancelNode | null = null;
  prev: CancelNode | null = null;
  next: CancelNode | null = null;
  head: CancelNode | null = null;
  listeners: Listener | null = null;
  controller: AbortController | null = null;
  record: Cancellation | null = null;
  /** What asynchronous contexts carry of it; see `current.ts`. */
  place: Place | null = null;
  bits = 0;

  /** Tells nodes of every copy of the package from other objects. */
  get "~kind"(): NodeKind {
    return "node";
  }
  /** How its children learn that it passed a cancellation on. */
  get passes(): CancelKind {
    return "parent";
  }
  /** The task that it is, or that it runs in. */
  abstract get origin(): CancelOrigin | undefined;

  /** The standard signal of this node, made on demand. */
  get signal(): AbortSignal {
    if (this.controller === null) {
      this.controller = new AbortController();
      // A task that cancelled itself has a record that nobody requested.
      if ((this.bits & CANCELLING) !== 0) {
        this.controller.abort((this.record as Cancellation).error);
      }
    }
    return this.controller.signal;
  }
}

/** Whether something is a node, of this copy of the package or of another. */
export function isNode(value: unknown): value is CancelNode {
  return typeof value === "object" && value !== null &&
    (value as CancelNode)["~kind"] !== undefined;
}

class Root extends CancelNode {
  override get origin(): undefined {
    return undefined;
  }
}

/** Where everything hangs that has no parent; never cancelled. */
export const root: CancelNode = /* @__PURE__ */ shared(
  "root",
  () => new Root(),
);

/** Hangs `node` on `parent`, which must not be done. */
export function link(parent: CancelNode, node: CancelNode): void {
  node.up = parent;
  const head = parent.head;
  if (head === null) {
    parent.head = node.prev = node.next = node;
    return;
  }
  const last = head.prev as CancelNode;
  last.next = head.prev = node;
  node.prev = last;
  node.next = head;
}

/**
 * Takes `node` off its parent's ring. `up` stays: it tells where the node
 * was, and whoever still runs in its context finds a live ancestor by it.
 */
export function unlink(node: CancelNode): void {
  const parent = node.up;
  const next = node.next;
  if (parent === null || next === null) return;
  if (next === node) {
    parent.head = null;
  } else {
    const prev = node.prev as CancelNode;
    prev.next = next;
    next.prev = prev;
    if (parent.head === node) parent.head = next;
  }
  node.prev = node.next = null;
}

/** The nearest node at or above `node` that has not ended. */
export function alive(node: CancelNode): CancelNode {
  let at = node;
  while ((at.bits & DONE) !== 0 && at.up !== null) at = at.up;
  return at;
}

/** Hands the children of an ending node to the next ancestor that runs. */
export function handOver(node: CancelNode): void {
  const to = alive(node);
  for (let child = node.head; child !== null; child = node.head) {
    unlink(child);
    child.bits |= ADOPTED;
    link(to, child);
    inherit(child);
  }
}

/** Adds a listener to a node that is not cancelled. */
export function listen(node: CancelNode, listener: Listener): void {
  listener.host = node;
  const first = node.listeners;
  if (first === null) {
    node.listeners = listener.before = listener.after = listener;
    return;
  }
  const last = first.before as Listener;
  last.after = first.before = listener;
  listener.before = last;
  listener.after = first;
}

/** Removes a listener; does nothing if it was called or removed already. */
export function unlisten(listener: Listener): void {
  const node = listener.host;
  if (node === null) return;
  const after = listener.after as Listener;
  if (after === listener) {
    node.listeners = null;
  } else {
    const before = listener.before as Listener;
    before.after = after;
    after.before = before;
    if (node.listeners === listener) node.listeners = after;
  }
  listener.host = listener.before = listener.after = null;
}

function tell(node: CancelNode, record: Cancellation): void {
  for (
    let listener = node.listeners;
    listener !== null;
    listener = node.listeners
  ) {
    unlisten(listener);
    listener.cancelled(record);
  }
  node.controller?.abort(record.error);
}

/** How many cancellations may be under way, each started by a listener of one. */
const DEEPEST = 50;

let depth = 0;
/** Nodes that are marked, and told as soon as there is room on the stack. */
const waiting: CancelNode[] = [];

/**
 * Tells nodes in order. A listener may cancel the next node, whose listener
 * cancels another; a chain of links that is longer than the stack is deep is
 * told by the outermost call, before it returns.
 */
function tellAll(nodes: readonly CancelNode[]): void {
  if (depth === DEEPEST) {
    for (const node of nodes) waiting.push(node);
    return;
  }
  depth++;
  try {
    for (const node of nodes) tell(node, node.record as Cancellation);
    if (depth > 1) return;
    for (const node of waiting) tell(node, node.record as Cancellation);
  } finally {
    if (--depth === 0) waiting.length = 0;
  }
}

/** What the children of a cancelled node get: one record for all of them. */
function downward(node: CancelNode): Cancellation {
  const record = node.record as Cancellation;
  const first = node.head?.record;
  if (first?.cause === record && first.source === node.origin) return first;
  return record.through(node.passes, node.origin);
}

const CLOSED = CANCELLING | DONE;

/**
 * Cancels a node and everything below it: first the whole subtree is marked,
 * then it is told, parents before children, children in order of creation.
 * Iterative, so that no depth overflows the stack.
 */
export function cancelTree(start: CancelNode, record: Cancellation): void {
  if ((start.bits & CLOSED) !== 0) return;
  start.bits |= CANCELLING;
  start.record = record;
  const marked: CancelNode[] = [start];
  for (let i = 0; i < marked.length; i++) {
    const node = marked[i] as CancelNode;
    const head = node.head;
    if (head === null) continue;
    let down: Cancellation | null = null;
    let child = head;
    do {
      if ((child.bits & (CLOSED | SHIELDED)) === 0) {
        down ??= downward(node);
        child.bits |= CANCELLING;
        child.record = down;
        marked.push(child);
      }
      child = child.next as CancelNode;
    } while (child !== head);
  }
  tellAll(marked);
}

/** Gives a node that was linked late the cancellation of its parent. */
export function inherit(node: CancelNode): void {
  const parent = node.up;
  if (parent === null || (parent.bits & CANCELLING) === 0) return;
  if ((node.bits & SHIELDED) !== 0) return;
  cancelTree(node, downward(parent));
}

/** Whether `ancestor` is `node` or above it. */
export function isWithin(node: CancelNode, ancestor: CancelNode): boolean {
  for (let at: CancelNode | null = node; at !== null; at = at.up) {
    if (at === ancestor) return true;
  }
  return false;
}
