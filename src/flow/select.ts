import { AsyncEvent, type CancelSource, type WaitOptions } from "../../mod.ts";
import { optionsOf, unexpected } from "./arguments.ts";
import type { Channel, Sending } from "./channel.ts";
import { refusal, settled, Waiter } from "./line.ts";
import { type Arm, armOf, type Result } from "./select_arms.ts";

/**
 * What {@linkcode select} can wait for: an item of a channel; an item to be
 * sent, from `channel.sending()`; an event, or whatever cancels; or a time in
 * milliseconds.
 */
export type SelectCase =
  // deno-lint-ignore no-explicit-any -- a channel of whatever items
  | Channel<any>
  | Sending
  | CancelSource
  | number;

/** That a channel of `select()` is closed, and with what. */
export interface SelectedClosed<K> {
  /** The name of the case. */
  readonly key: K;
  /** Says what happened. */
  readonly status: "closed";
  /** What the channel was closed with. */
  readonly error: Error | undefined;
}

/** What one case of `select()` gives. */
export type SelectedBy<K, C> = C extends Channel<infer T>
  ? SelectedClosed<K> | {
    readonly key: K;
    readonly status: "received";
    readonly value: T;
  }
  : C extends Sending
    ? SelectedClosed<K> | { readonly key: K; readonly status: "sent" }
  : C extends number ? { readonly key: K; readonly status: "elapsed" }
  : { readonly key: K; readonly status: "set" };

/** What `select()` gives: which case it was, and what came of it. */
export type Selected<C extends { readonly [key: string]: SelectCase }> = {
  [K in keyof C & string]: SelectedBy<K, C[K]>;
}[keyof C & string];

/**
 * Waits for the first of several: items to receive, items to send, events and
 * times. It takes exactly one; of the others nothing is taken or sent.
 *
 * If several are ready, the first of them in the order of the cases is taken:
 * put first what has to be heard in any case. A time of 0 is ready at once, so
 * as the last case it says that nothing else is.
 *
 * @example
 * A job, or the end, or silence
 * ```ts
 * import { AsyncEvent } from "@mdc/tasks";
 * import { Channel, select } from "@mdc/tasks/flow";
 * import { assertEquals } from "@std/assert";
 *
 * const stop = new AsyncEvent();
 * const jobs = new Channel<string>({ capacity: 1 });
 * await jobs.send("mail");
 *
 * const first = await select({ stop, jobs, idle: 5_000 });
 * assertEquals(first, { key: "jobs", status: "received", value: "mail" });
 * stop.set();
 * const second = await select({ stop, jobs, idle: 5_000 });
 * assertEquals(second.status, "set");
 * ```
 *
 * @typeParam C The cases.
 * @param cases What to wait for, by name.
 * @param options Whose cancellation ends the wait.
 * @returns A promise for the case that came first: its name as `key`, and what
 * came of it as `status`. It rejects with the cancellation of the signal (or of
 * the current task).
 * @throws {TypeError} If there is no case, a case is none of these, or an
 * option is unknown or of the wrong type.
 * @throws {RangeError} If a time is `NaN` or negative.
 */
export function select<
  const C extends { readonly [key: string]: SelectCase },
>(cases: C, options?: WaitOptions): Promise<Selected<C>> {
  if (typeof cases !== "object" || cases === null) {
    throw unexpected("the cases of select()", "an object", cases);
  }
  const { signal } = optionsOf<WaitOptions>(options, "select()", ["signal"]);
  const waiting = { signal };
  const entries = Object.entries(cases);
  if (entries.length === 0) {
    throw new TypeError("Cannot select(): no case was given");
  }
  const arms: Arm[] = [];
  const leave = () => {
    for (const arm of arms) arm.leave();
  };
  try {
    for (const [key, value] of entries) arms.push(armOf(key, value));
  } catch (error) {
    leave();
    throw error;
  }
  return first(arms, waiting, leave) as Promise<Selected<C>>;
}

class SelectWaiter<V> extends Waiter<V> {
  readonly #end: () => void;
  constructor(end: () => void) {
    super();
    this.#end = end;
  }
  override leave(): void {
    this.#end();
  }
}

function first(
  arms: readonly Arm[],
  options: WaitOptions,
  leave: () => void,
): Promise<Result> {
  const refused = refusal(options);
  if (refused !== undefined) {
    leave();
    return refused;
  }
  for (const arm of arms) {
    const result = arm.poll();
    if (result === undefined) continue;
    leave();
    return Promise.resolve(result);
  }
  const waiter = new SelectWaiter<Result>(() => end());
  const over = new AsyncEvent();
  const end = () => {
    leave();
    over.set();
  };
  const won = (result: Result) => {
    if (waiter.given) return;
    waiter.give(result);
    end();
  };
  for (const arm of arms) arm.wait(won, over);
  return settled(waiter, options);
}
