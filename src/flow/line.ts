import { AsyncEvent, type WaitOptions } from "../../mod.ts";
import { handled } from "./quiet.ts";

/** Set for ever, so its wait tells whether its caller may wait at all. */
const OPEN: AsyncEvent = /* @__PURE__ */ (() => {
  const open = new AsyncEvent();
  open.set();
  return open;
})();

/** What the waits of a set event give: always the same promise. */
const READY: Promise<void> = /* @__PURE__ */ OPEN.wait({ signal: null });

/**
 * What a wait gives whose caller is cancelled before it begins; `undefined` if
 * it may begin.
 */
export function refusal(
  options: WaitOptions | undefined,
): Promise<never> | undefined {
  const door = OPEN.wait(options);
  return door === READY ? undefined : door as Promise<never>;
}

/**
 * Somebody who waits in a line for something of type `V`. It is an event, so
 * that its wait is cut by the innermost scope, or by the signal it is given.
 */
export class Waiter<V> extends AsyncEvent {
  /** The line that it stands in, until it leaves. */
  line: Line<V> | undefined = undefined;
  before: Waiter<V> | undefined = undefined;
  after: Waiter<V> | undefined = undefined;
  /** Whether it has what it waits for, or knows that it won't get it. */
  given = false;
  value: V | undefined = undefined;
  /** Why it won't get it. */
  failure: Error | undefined = undefined;
  /** What its wait has given to the caller. */
  promise: Promise<V> | undefined = undefined;

  /** Hands over what is waited for. Whatever comes later, it has it. */
  give(value: V): void {
    this.line?.remove(this);
    this.given = true;
    this.value = value;
    this.set();
  }

  /** Says that it will never get what it waits for. */
  refuse(error: Error): void {
    this.line?.remove(this);
    this.given = true;
    this.failure = error;
    this.set();
  }

  /** It has given up: it stands in no line any more. */
  leave(): void {
    this.line?.remove(this);
  }

  /** What it was given; throws what it was refused with. */
  taken(): V {
    if (this.failure !== undefined) throw this.failure;
    return this.value as V;
  }
}

/**
 * Those who wait for the same, in order of arrival. Constant time to join and
 * to leave, wherever one stands.
 */
export class Line<V> {
  first: Waiter<V> | undefined = undefined;
  #last: Waiter<V> | undefined = undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }
  add(waiter: Waiter<V>): void {
    const last = this.#last;
    if (last === undefined) this.first = waiter;
    else {
      last.after = waiter;
      waiter.before = last;
    }
    this.#last = waiter;
    waiter.line = this;
    this.#length++;
  }
  remove(waiter: Waiter<V>): void {
    if (waiter.line !== this) return;
    const { before, after } = waiter;
    if (before === undefined) this.first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    waiter.line = waiter.before = waiter.after = undefined;
    this.#length--;
  }
}

/**
 * Waits until somebody gives `waiter` what it waits for, or until it is
 * cancelled. What was handed over in the tick of the cancellation is delivered,
 * so it can't get lost.
 */
export function settled<V>(
  waiter: Waiter<V>,
  options: WaitOptions | undefined,
): Promise<V> {
  return waiter.promise = waiter.wait(options).then(
    () => waiter.taken(),
    (error) => {
      if (waiter.given) return waiter.taken();
      waiter.leave();
      handled(waiter.promise!);
      throw error;
    },
  );
}

/** The same, as the last in a line. */
export function join<V>(
  line: Line<V>,
  waiter: Waiter<V>,
  options: WaitOptions | undefined,
): Promise<V> {
  line.add(waiter);
  return settled(waiter, options);
}
