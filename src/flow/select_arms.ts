import { AsyncEvent, type CancelSource, sleep } from "../../mod.ts";
import { time, unexpected } from "./arguments.ts";
import { Channel, type Sending } from "./channel.ts";
import { ChannelState, Sender } from "./channel_state.ts";
import { type Line, Waiter } from "./line.ts";

/** Which case it was, and what came of it. */
export type Result = { readonly key: string; readonly status: string };

/** What `select()` does with one case. */
export interface Arm {
  /** Takes it if it is ready. */
  poll(): Result | undefined;
  /** Waits for it; `won` takes the result of the first. */
  wait(won: (result: Result) => void, over: AsyncEvent): void;
  /** Leaves nothing behind. */
  leave(): void;
}

class Receiver<T> extends Waiter<T> {
  readonly #won: (value: T) => void;
  readonly #closed: () => void;
  constructor(won: (value: T) => void, closed: () => void) {
    super();
    this.#won = won;
    this.#closed = closed;
  }
  override give(value: T): void {
    this.#won(value);
  }
  override refuse(): void {
    this.#closed();
  }
}

class SelectSender<T> extends Sender<T> {
  readonly #won: () => void;
  readonly #closed: () => void;
  constructor(item: T, won: () => void, closed: () => void) {
    super(item);
    this.#won = won;
    this.#closed = closed;
  }
  override give(): void {
    this.#won();
  }
  override refuse(): void {
    this.#closed();
  }
}

function closedCase(key: string, state: ChannelState<unknown>): Result {
  const { error } = state.closed!;
  return { key, status: "closed", error } as Result;
}

/** A case that stands in the line of a channel. */
function inLine<V>(
  line: Line<V>,
  make: (won: (result: Result) => void) => Waiter<V>,
): Pick<Arm, "wait" | "leave"> {
  let waiter: Waiter<V> | undefined;
  return {
    wait: (won) => line.add(waiter = make(won)),
    leave: () => waiter && line.remove(waiter),
  };
}

function receiving(key: string, state: ChannelState<unknown>): Arm {
  const received = (value: unknown) =>
    ({ key, status: "received", value }) as Result;
  return {
    poll() {
      if (state.ready) return received(state.take());
      return state.closed && closedCase(key, state);
    },
    ...inLine(state.receivers, (won) =>
      new Receiver(
        (value) => won(received(value)),
        () => won(closedCase(key, state)),
      )),
  };
}

function sending(
  key: string,
  state: ChannelState<unknown>,
  item: unknown,
): Arm {
  const sent: Result = { key, status: "sent" };
  return {
    poll() {
      if (state.closed !== undefined) return closedCase(key, state);
      return state.offer(item) ? sent : undefined;
    },
    ...inLine(state.senders, (won) =>
      new SelectSender(
        item,
        () => won(sent),
        () => won(closedCase(key, state)),
      )),
  };
}

function event(key: string, source: CancelSource): Arm {
  const event = AsyncEvent.from(source);
  const set: Result = { key, status: "set" };
  return {
    poll: () => event.isSet ? set : undefined,
    wait: (won, over) =>
      void event.wait({ signal: over }).then(() => won(set), () => {}),
    leave: () => event[Symbol.dispose](),
  };
}

function elapsed(key: string, ms: number): Arm {
  time(ms, `the time of "${key}" in select()`);
  const over: Result = { key, status: "elapsed" };
  return {
    poll: () => ms === 0 ? over : undefined,
    wait: (won, end) =>
      void sleep(ms, { signal: end }).then(() => won(over), () => {}),
    leave: () => {},
  };
}

/** What to do with a case, or a TypeError. */
export function armOf(key: string, value: unknown): Arm {
  if (typeof value === "number") return elapsed(key, value);
  const own = value as Partial<Sending & { signal: unknown }> | null;
  if (typeof value !== "object" || own === null) throw wrong(key, value);
  const state = own["~state"];
  if (state instanceof ChannelState) {
    return value instanceof Channel
      ? receiving(key, state)
      : sending(key, state, own["~item"]);
  }
  if (!("signal" in own || "aborted" in own)) throw wrong(key, value);
  return event(key, value as CancelSource);
}

function wrong(key: string, value: unknown): Error {
  const expected = "a channel, what sending() gives, an event or a time";
  return unexpected(`"${key}" of select()`, expected, value);
}
