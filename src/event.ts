import { cancelTree } from "./core/cancel_tree.ts";
import { Cancellation } from "./core/cancellation.ts";
import { currentNode } from "./core/current.ts";
import { atDoor } from "./core/door.ts";
import { follow } from "./core/follow.ts";
import { CancelNode } from "./core/node.ts";
import { type CancelSource, recordOf, toSource } from "./core/source.ts";
import { can, iterable } from "./core/validate.ts";
import { WaitQueue } from "./core/wait_queue.ts";
import { waiterOf, type WaitOptions } from "./core/waiter.ts";
import type { CancelOrigin } from "./reason.ts";

/** The side of an event that others listen to as a source of cancellation. */

const ALREADY: Promise<void> = /* @__PURE__ */ Promise.resolve();

/**
 * A flag that tasks can wait for: Python's `asyncio.Event`, and an
 * `AbortSignal` at the same time.
 *
 * - Waiters wake in the order in which they began to wait.
 * - A pulse (`set()` and at once `clear()`) wakes every waiter of that moment.
 * - A cancelled waiter leaves nothing behind.
 * - An idle waiter holds no timer.
 *
 * @example
 * One task tells another
 * ```ts
 * import { AsyncEvent, createTask } from "@mdc/tasks";
 *
 * const ready = new AsyncEvent();
 * const order: string[] = [];
 * const consumer = createTask(async () => {
 *   await ready.wait();
 *   order.push("consumer");
 * });
 * order.push("producer");
 * ready.set();
 * await consumer;
 * console.log(order); // ["producer", "consumer"]
 * ```
 */
export class AsyncEvent {
  #set = false;
  /** The only waiter, as long as there is one that can't be cancelled. */
  #lone: (() => void) | null = null;
  /** All other waiters; each came after the lone one. */
  readonly #queue = new WaitQueue();
  /** Made when somebody listens; a set event keeps it until it is cleared. */
  #node: CancelNode | null = null;
  #unfollow: (() => void) | undefined;

  /** Makes an event that is not set. */
  constructor() {}

  /**
   * Makes an event that is set as soon as `source` is cancelled, or right now
   * if it is already. Dispose of the event to stop listening to the source.
   *
   * @example
   * An event for a signal
   * ```ts
   * import { AsyncEvent } from "@mdc/tasks";
   *
   * const controller = new AbortController();
   * const event = AsyncEvent.from(controller.signal);
   * console.log(event.isSet); // false
   * controller.abort();
   * console.log(event.isSet); // true
   * ```
   *
   * @param source Where the cancellation comes from.
   * @returns The new event.
   * @throws {TypeError} If `source` is no cancel source.
   */
  static from(source: CancelSource): AsyncEvent {
    const from = toSource(source, "the source of AsyncEvent.from()");
    const event = new AsyncEvent();
    event.#unfollow = follow(from, (record) => event["~fire"](record));
    return event;
  }

  /**
   * Makes an event that is set by the first of several sources that is
   * cancelled, with its reason; right now if one is already. It follows none of
   * them any longer then, nor after its disposal.
   *
   * @example
   * Whatever comes first
   * ```ts
   * import { AsyncEvent } from "@mdc/tasks";
   *
   * const shutdown = new AsyncEvent();
   * const request = new AbortController();
   * const stop = AsyncEvent.any([shutdown, request]);
   * request.abort(new Error("client left"));
   * console.log(stop.isSet); // true
   * console.log(stop.signal.reason.message); // "client left"
   * ```
   *
   * @param sources Where cancellation comes from. An event of no sources is set
   * by nobody but `set()`.
   * @returns The new event.
   * @throws {TypeError} If `sources` is no iterable of cancel sources.
   */
  static any(sources: Iterable<CancelSource>): AsyncEvent {
    iterable(sources, "use AsyncEvent.any()", "cancel sources");
    const all = Array.from(
      sources,
      (source) => toSource(source, "a source of AsyncEvent.any()"),
    );
    const event = new AsyncEvent();
    const unfollows: (() => void)[] = [];
    event.#unfollow = () => {
      for (const unfollow of unfollows.splice(0)) unfollow();
    };
    for (const source of all) {
      unfollows.push(follow(source, (record) => {
        event[Symbol.dispose]();
        event["~fire"](record);
      }));
      if (event.#set) break;
    }
    return event;
  }

  /** Whether the event is set. */
  get isSet(): boolean {
    return this.#set;
  }

  /**
   * A signal that aborts when the event is set, with a `CancelledError` of
   * kind `"event"`. After `clear()` it is a fresh one. Its reason names the
   * task that set the event, if somebody listened to the event by then.
   */
  get signal(): AbortSignal {
    return this.#open().signal;
  }

  /** Internal: what others listen to. */
  get "~node"(): object {
    return this.#open();
  }

  /** Sets the event and wakes all who wait. Does nothing if it is set. */
  set(): void {
    if (this.#set) return;
    this.#wake();
    if (this.#node !== null) {
      cancelTree(this.#node, record(currentNode()?.origin));
    }
  }

  /** Unsets the event: later waiters wait for the next `set()`. */
  clear(): void {
    if (!this.#set) return;
    this.#set = false;
    this.#node = null;
  }

  /**
   * Waits until the event is set; returns at once if it is.
   *
   * @example
   * A wait that is given up
   * ```ts
   * import { AsyncEvent } from "@mdc/tasks";
   *
   * const never = new AsyncEvent();
   * const signal = AbortSignal.abort(new Error("no time"));
   * const error = await never.wait({ signal }).catch(String);
   * console.log(error); // "Error: no time"
   * ```
   *
   * @param options Whose cancellation ends the wait.
   * @returns A promise that resolves when the event is set. It rejects with
   * the cancellation of the signal (or of the current task).
   * @throws {TypeError} If the signal is no cancel source.
   */
  wait(options?: WaitOptions): Promise<void> {
    const source = waiterOf(options, "event.wait()");
    const record = recordOf(source);
    if (record !== undefined) return atDoor(source!, record);
    if (this.#set) return ALREADY;
    const queue = this.#queue;
    if (source === undefined && this.#lone === null && queue.first === null) {
      return new Promise((resolve) => {
        this.#lone = resolve;
      });
    }
    return queue.join(source, "event.wait()");
  }

  /** Stops listening to the source that the event was made from, if any. */
  [Symbol.dispose](): void {
    this.#unfollow?.();
    this.#unfollow = undefined;
  }

  #open(): CancelNode {
    if (this.#node === null) {
      this.#node = new CancelNode();
      // Who set it was not noted: it would double the cost of every set().
      if (this.#set) cancelTree(this.#node, record(undefined));
    }
    return this.#node;
  }

  /** Internal: sets it in the name of another cancellation. */
  "~fire"(record: unknown): void {
    if (this.#set) return;
    const node = this.#node ??= new CancelNode();
    this.#wake();
    cancelTree(node, (record as Cancellation).through("event"));
  }

  #wake(): void {
    this.#set = true;
    const lone = this.#lone;
    if (lone !== null) {
      this.#lone = null;
      lone();
    }
    this.#queue.wakeAll();
  }
}

function record(setter: CancelOrigin | undefined): Cancellation {
  return new Cancellation("event", undefined, setter);
}

/** Whether something is an event, of this copy of the package or of another. */
export function isEvent(value: unknown): value is AsyncEvent {
  return can(value, "~fire");
}
