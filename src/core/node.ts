import { isObject } from "./shapes.ts";
import type { CancelKind, CancelOrigin } from "../reason.ts";
import type { Cancellation } from "./cancellation.ts";
import { shared } from "./shared.ts";
import { uncaught } from "./uncaught.ts";

// The state of a node, one bit each.
/** Its cancellation was requested; `record` says by whom. */
export const CANCELLING = 1;
/** It has ended and is linked nowhere. */
export const DONE = 2;
/** Both: it can't be cancelled any more. As a number: a sum keeps its code. */
export const CLOSED = 3;
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
export type NodeKind = "node" | "task" | "scope";

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
export class CancelNode {
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

  /**
   * The standard signal of this node, made on demand. A node that is marked is
   * found aborted, also by who looks before its turn to be told has come.
   */
  get signal(): AbortSignal {
    const { signal } = this.controller ??= new AbortController();
    // A task that cancelled itself has a record that nobody requested.
    if ((this.bits & CANCELLING) !== 0 && !signal.aborted) abort(this);
    return signal;
  }
}

/** What only some nodes have. */
export interface CancelNode {
  /** The task that it is, or that it runs in. */
  readonly origin?: CancelOrigin | undefined;
  /** How its children learn of a cancellation; what says nothing is "parent". */
  readonly passes?: CancelKind | undefined;
  /**
   * Somebody called without a current node, `above` being the function called:
   * asked of whatever lives, as only that knows whether a context was lost.
   */
  lost?(what: string, above: unknown): void;
  /** Nobody listens to it any more: what it listens to itself is left. */
  detach?(): void;
}

/** Aborts the signal of a cancelled node, which has one. */
export function abort(node: CancelNode): void {
  try {
    node.controller!.abort(node.record!.error);
  } catch (error) {
    uncaught(error);
  }
}

/** Whether something is a node, of this copy of the package or of another. */
export function isNode(value: unknown): value is CancelNode {
  return isObject(value) &&
    (value as CancelNode)["~kind"] !== undefined;
}

/** Where everything hangs that has no parent; never cancelled. */
export const root: CancelNode = /* @__PURE__ */ shared(
  "root",
  () => new CancelNode(),
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

/** Whether `ancestor` is `node` or above it. */
export function isWithin(node: CancelNode, ancestor: CancelNode): boolean {
  for (let at: CancelNode | null = node; at !== null; at = at.up) {
    if (at === ancestor) return true;
  }
  return false;
}

/** The node that something is or stands for, if it is one of ours. */
export function nodeBehind(value: unknown): CancelNode | undefined {
  if (isNode(value)) return value;
  const node = (value as { "~node"?: unknown } | null | undefined)?.["~node"];
  return isNode(node) ? node : undefined;
}

/** The children of a node, in order of creation. */
export function childrenOf(node: CancelNode): CancelNode[] {
  const children: CancelNode[] = [];
  const first = node.head;
  for (let child = first; child !== null;) {
    children.push(child);
    child = child.next === first ? null : child.next;
  }
  return children;
}
