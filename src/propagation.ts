import type { Cancellation } from "./_cancellation.ts";
import { CallbackListener, CancelNode, cancelTree, isWithin } from "./_node.ts";
import { stopListening } from "./_signals.ts";
import { onEnd } from "./_task_node.ts";
import { isSignal, show } from "./_validate.ts";
import { AsyncEvent, setWith } from "./event.ts";
import type { CancelReason } from "./reason.ts";
import {
  type CancelSource,
  isController,
  recordOf,
  type Source,
  subscribe,
  toSource,
} from "./source.ts";

/** How a propagation ended. */
export type PropagationOutcome =
  | {
    /** The parent was cancelled, and the children with it. */
    readonly status: "propagated";
    /** Why the parent was cancelled. */
    readonly reason: CancelReason;
  }
  | {
    /** It was disposed of first; nobody was cancelled. */
    readonly status: "disposed";
  };

/** A link from one parent to its children; disposing of it cancels nobody. */
export interface Propagation extends Disposable {
  /** Resolves when the cancellation was passed on, or the link disposed of. */
  readonly done: Promise<PropagationOutcome>;
  /**
   * Links one more child. If the parent is cancelled already, so is the child,
   * at once. Adding a child twice, or after disposal, does nothing.
   *
   * @param child What is cancelled with the parent.
   * @throws {TypeError} If it can't be cancelled, or would close a cycle.
   */
  add(child: CancelSource): void;
  /** Stops linking and cancels nobody. */
  [Symbol.dispose](): void;
}

/** What each object passes its cancellation on to, to find cycles. */
const targetsOf = new WeakMap<object, Map<object, number>>();

/** What stands for a source in the search for cycles. */
function identity(value: CancelSource): object {
  return value instanceof AsyncEvent ? value : toSource(value, "a source");
}

function reaches(from: object, to: object): boolean {
  const seen = new Set<object>([from]);
  for (const at of seen) {
    if (at === to) return true;
    if (
      to instanceof CancelNode && at instanceof CancelNode && isWithin(to, at)
    ) return true;
    for (const next of targetsOf.get(at)?.keys() ?? []) seen.add(next);
  }
  return false;
}

function remember(parent: object, child: object): void {
  let targets = targetsOf.get(parent);
  if (targets === undefined) targetsOf.set(parent, targets = new Map());
  targets.set(child, (targets.get(child) ?? 0) + 1);
}

function forget(parent: object, child: object): void {
  const targets = targetsOf.get(parent);
  const count = targets?.get(child) ?? 0;
  if (count > 1) targets!.set(child, count - 1);
  else targets?.delete(child);
}

/** A task or scope among the children; events and controllers are others. */
function nodeOf(child: CancelSource): CancelNode | undefined {
  if (child instanceof AsyncEvent || isController(child)) return undefined;
  const source = toSource(child, "a child of propagateCancellation()");
  return source instanceof CancelNode ? source : undefined;
}

interface LinkedChild {
  readonly child: CancelSource;
  readonly release: () => void;
}

class Link implements Propagation {
  readonly done: Promise<PropagationOutcome>;
  readonly #parent: object;
  readonly #source: Source;
  readonly #children = new Map<object, LinkedChild>();
  readonly #listener = new CallbackListener((record) => this.#pass(record));
  #finish: ((outcome: PropagationOutcome) => void) | null = null;

  constructor(parent: CancelSource, children: readonly CancelSource[]) {
    this.#source = toSource(parent, "the parent of propagateCancellation()");
    this.#parent = identity(parent);
    for (const child of children) this.#check(child);
    this.done = new Promise((resolve) => this.#finish = resolve);
    const record = recordOf(this.#source);
    if (record === undefined) subscribe(this.#source, this.#listener);
    for (const child of children) this.#link(child, record);
    if (record !== undefined) this.#pass(record);
  }

  add(child: CancelSource): void {
    this.#check(child);
    this.#link(child, recordOf(this.#source));
  }

  [Symbol.dispose](): void {
    stopListening(this.#listener);
    this.#end({ status: "disposed" });
  }

  #link(child: CancelSource, record: Cancellation | undefined): void {
    if (record !== undefined) return this.#cancel(child, record);
    const key = identity(child);
    if (this.#finish === null || this.#children.has(key)) return;
    const node = nodeOf(child);
    // A task that has ended needs no link; keeping it would be a leak.
    const release = node === undefined
      ? () => {}
      : onEnd(node, () => this.#unlink(key));
    this.#children.set(key, { child, release });
    remember(this.#parent, key);
  }

  #unlink(key: object): void {
    this.#children.get(key)?.release();
    this.#children.delete(key);
    forget(this.#parent, key);
  }

  #pass(record: Cancellation): void {
    const linked = [...this.#children.values()];
    this.#end({ status: "propagated", reason: record.reason });
    for (const { child } of linked) this.#cancel(child, record);
  }

  #end(outcome: PropagationOutcome): void {
    for (const key of [...this.#children.keys()]) this.#unlink(key);
    this.#finish?.(outcome);
    this.#finish = null;
  }

  #cancel(child: CancelSource, record: Cancellation): void {
    const source = this.#source;
    const origin = source instanceof CancelNode ? source.origin : undefined;
    if (child instanceof AsyncEvent) return setWith(child, record);
    const passed = record.through("parent", origin);
    if (isController(child)) child.abort(passed.error);
    else cancelTree(nodeOf(child) as CancelNode, passed);
  }

  #check(child: CancelSource): void {
    if (
      !(child instanceof AsyncEvent) && !isController(child) &&
      nodeOf(child) === undefined
    ) {
      throw new TypeError(
        isSignal(child)
          ? "Cannot propagate to an AbortSignal: only its AbortController can abort it"
          : `Cannot propagate to ${show(child)}: it can't be cancelled`,
      );
    }
    if (reaches(identity(child), this.#parent)) {
      throw new TypeError(
        `Cannot propagate to ${show(child)}: it would cancel itself`,
      );
    }
  }
}

/**
 * Cancels the children when the parent is cancelled, with its reason. Parent
 * and children can be any mix of events, tasks, scopes and controllers; a
 * signal can be the parent.
 *
 * - Synchronous: when the parent's `cancel()`, `set()` or `abort()` returns,
 *   the children are cancelled.
 * - No task and no timer stands behind it; nothing has to be awaited.
 * - Disposing of it leaves nothing on the parent and cancels nobody.
 *
 * @example One event stops two
 * ```ts
 * import { AsyncEvent, propagateCancellation } from "@mdc/tasks";
 * import { assertEquals } from "@std/assert";
 *
 * const parent = new AsyncEvent();
 * const children = [new AsyncEvent(), new AsyncEvent()];
 * const propagation = propagateCancellation(parent, children);
 * parent.set();
 * assertEquals(children.map((child) => child.isSet), [true, true]);
 * assertEquals((await propagation.done).status, "propagated");
 * ```
 *
 * @param parent Where the cancellation comes from.
 * @param children Where it goes to.
 * @returns The link.
 * @throws {TypeError} If the parent is no source, a child can't be cancelled,
 * or a child would cancel the parent; then nothing is linked.
 */
export function propagateCancellation(
  parent: CancelSource,
  children: Iterable<CancelSource>,
): Propagation {
  if (
    typeof children !== "object" || children === null ||
    !(Symbol.iterator in children)
  ) {
    throw new TypeError(
      `Cannot propagate: expected children in an iterable, received ${
        show(children)
      }`,
    );
  }
  return new Link(parent, [...children]);
}
