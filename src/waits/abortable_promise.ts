import { isOf } from "../core/asked.ts";
import type { Cancellation } from "../core/cancellation.ts";
import { rememberCheckpoint } from "../core/diagnostics.ts";
import { atDoor } from "../core/door.ts";
import { isNode, Listener } from "../core/node.ts";
import { quiet } from "../core/quiet.ts";
import { stopListening } from "../core/signals.ts";
import { recordOf, type Source, subscribe } from "../core/source.ts";
import { isTaskNode } from "../core/task_node.ts";
import { afterTick } from "../core/tick.ts";
import { handle, type Settling, whenSettled } from "./reaction.ts";

/** What a wait for a promise ends with: one of the three, once. */
export interface Waiting extends Settling {
  /** It was cancelled first. */
  givenUp(record: Cancellation): void;
}

class AbortableWait extends Listener implements Settling {
  readonly #waiting: Waiting;
  /** Tells those who observe that the wait is over. */
  readonly #resumed: (() => void) | undefined;
  #over = false;
  #takeBack: (() => void) | undefined;

  constructor(waiting: Waiting, resumed: (() => void) | undefined) {
    super();
    this.#waiting = waiting;
    this.#resumed = resumed;
  }
  begin(source: Source | undefined, promise: PromiseLike<unknown>): void {
    this.#takeBack = whenSettled(promise, this);
    // Who observes may have cancelled the source when it was told of the wait.
    const record = recordOf(source);
    if (record !== undefined) this.cancelled(record);
    else if (source !== undefined) subscribe(source, this);
  }
  fulfilled(value: unknown): void {
    this.#end();
    this.#waiting.fulfilled(value);
  }
  rejected(error: unknown): void {
    this.#end();
    this.#waiting.rejected(error);
  }
  override cancelled(record: Cancellation): void {
    // A value that is ready in this tick arrives before, and is delivered.
    afterTick(() => {
      if (this.#over) return;
      this.#end();
      this.#waiting.givenUp(record);
    });
  }
  #end(): void {
    this.#over = true;
    this.#resumed?.();
    stopListening(this);
    this.#takeBack?.();
    this.#takeBack = undefined;
  }
}

/**
 * Waits until a promise settles or `source`, which is not cancelled, cancels.
 * Whatever happens, nothing is left behind.
 */
export function waitOn(
  source: Source | undefined,
  promise: PromiseLike<unknown>,
  waiting: Waiting,
): void {
  const task = isTaskNode(promise) ? promise : undefined;
  const what = task === undefined ? "abortable()" : `task "${task.name}"`;
  const resumed = rememberCheckpoint(source, what, task);
  new AbortableWait(waiting, resumed).begin(source, promise);
}

/** Whether `error` is the cancellation of `source`. */
export function isCancellationOf(
  source: Source | undefined,
  error: unknown,
): boolean {
  const record = recordOf(source);
  return record !== undefined && isOf(error, record);
}

/** Waits for a promise as a child of `source`. */
export function abortablePromise<T>(
  source: Source | undefined,
  promise: PromiseLike<T>,
): Promise<T> {
  if (source === undefined) return Promise.resolve(promise);
  const record = recordOf(source);
  if (record !== undefined) {
    // Nobody else may be waiting for it; its failure must not end the process.
    // A task has an owner, who reports it.
    if (!isTaskNode(promise)) handle(promise);
    return atDoor(source, record);
  }
  if (isTaskNode(promise) && isNode(source) && source.origin === promise) {
    if (!promise.done) return Promise.reject(promise.waitsForItself());
  }
  const wait: Promise<T> = new Promise((resolve, reject) => {
    waitOn(source, promise, {
      fulfilled: (value) => resolve(value as T),
      rejected(error) {
        reject(error);
        if (isCancellationOf(source, error)) quiet(wait);
      },
      givenUp(record) {
        reject(record.error);
        quiet(wait);
      },
    });
  });
  return wait;
}
