import { afterMarking, cancelTree } from "../core/cancel_tree.ts";
import type { Cancellation } from "../core/cancellation.ts";
import { onEnd } from "../core/end.ts";
import { comesDown } from "../core/follow.ts";
import {
  CallbackListener,
  type CancelNode,
  DONE,
  isNode,
} from "../core/node.ts";
import { stopListening } from "../core/signals.ts";
import {
  type CancelSource,
  isController,
  recordOf,
  type Source,
  subscribe,
  toSource,
} from "../core/source.ts";
import { isSignal, iterable, show } from "../core/validate.ts";
import { isEvent } from "../event.ts";
import type { CancelReason } from "../reason.ts";
import { forget, identity, reaches, remember } from "./cycles.ts";

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
  }
  | {
    /** The parent, a task or scope, ended first; nobody was cancelled. */
    readonly status: "ended";
  };

/** A link from one parent to its children; disposing of it cancels nobody. */
export interface Propagation extends Disposable {
  /**
   * Resolves when the cancellation was passed on, the link disposed of, or the
   * parent has ended.
   */
  readonly done: Promise<PropagationOutcome>;
  /**
   * Links one more child. If the parent is cancelled already, so is the child,
   * at once. Adding a child twice, or after disposal or the parent's end, does
   * nothing.
   *
   * @param child What is cancelled with the parent.
   * @throws {TypeError} If it can't be cancelled, or would close a cycle.
   */
  add(child: CancelSource): void;
  /** Stops linking and cancels nobody. */
  [Symbol.dispose](): void;
}

/** A task or scope among the children; events and controllers are others. */
function nodeOf(child: CancelSource): CancelNode | undefined {
  if (isEvent(child) || isController(child)) return undefined;
  const source = toSource(child, "a child of propagateCancellation()");
  return isNode(source) ? source : undefined;
}

function hasEnded(source: Source): boolean {
  return isNode(source) && (source.bits & DONE) !== 0;
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
  /** Called at the end of the link, and then `null`. */
  #finish: ((outcome: PropagationOutcome) => void) | null = null;
  /** Stops watching for the end of the parent. */
  #release: (() => void) | undefined;
  /** Whether those who are added late are cancelled. */
  #propagated = false;

  constructor(parent: CancelSource, children: readonly CancelSource[]) {
    this.#source = toSource(parent, "the parent of propagateCancellation()");
    this.#parent = identity(parent);
    for (const child of children) this.#check(child);
    this.done = new Promise((resolve) => this.#finish = resolve);
    const source = this.#source;
    const record = recordOf(source);
    if (record !== undefined) {
      this.#pass(record);
    } else if (hasEnded(source)) {
      this.#end({ status: "ended" });
    } else {
      subscribe(source, this.#listener);
      if (isNode(source)) {
        this.#release = onEnd(source, () => this.#stop("ended"));
      }
    }
    for (const child of children) this.#link(child);
  }

  add(child: CancelSource): void {
    this.#check(child);
    this.#link(child);
  }

  [Symbol.dispose](): void {
    this.#stop("disposed");
  }

  #stop(status: "disposed" | "ended"): void {
    stopListening(this.#listener);
    this.#end({ status });
  }

  #link(child: CancelSource): void {
    if (this.#propagated) {
      return this.#cancel(child, recordOf(this.#source) as Cancellation);
    }
    const key = identity(child);
    if (this.#finish === null || this.#children.has(key)) return;
    const node = nodeOf(child);
    // A task that has ended needs no link; keeping it would be a leak.
    if (node !== undefined && hasEnded(node)) return;
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
    this.#propagated = true;
    this.#end({
      status: "propagated",
      // A chain of reasons is written out when somebody reads it.
      get reason() {
        return record.reason;
      },
    });
    for (const { child } of linked) this.#cancel(child, record);
  }

  #end(outcome: PropagationOutcome): void {
    for (const key of [...this.#children.keys()]) this.#unlink(key);
    this.#release?.();
    this.#finish?.(outcome);
    this.#finish = null;
  }

  #cancel(child: CancelSource, record: Cancellation): void {
    if (isEvent(child)) return child["~fire"](record);
    const down = comesDown(this.#source, record);
    // An event or a signal adds no link of its own; the propagation is one.
    const passed = down === record ? record.through("parent", undefined) : down;
    if (isController(child)) afterMarking(() => child.abort(passed.error));
    else cancelTree(nodeOf(child) as CancelNode, passed);
  }

  #check(child: CancelSource): void {
    if (
      !(isEvent(child)) && !isController(child) &&
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
 * @example
 * One event stops two
 * ```ts
 * import { AsyncEvent, propagateCancellation } from "@mdc/tasks";
 *
 * const parent = new AsyncEvent();
 * const children = [new AsyncEvent(), new AsyncEvent()];
 * const propagation = propagateCancellation(parent, children);
 * parent.set();
 * console.log(children.map((child) => child.isSet)); // [true, true]
 * console.log((await propagation.done).status); // "propagated"
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
  iterable(children, "propagate", "children");
  return new Link(parent, [...children]);
}
