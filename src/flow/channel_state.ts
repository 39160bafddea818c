import { Line, Waiter } from "./line.ts";
import { Queue } from "./queue.ts";

/**
 * What a channel throws that is closed: at who sends, and, when all items are
 * taken, at who receives. If it was closed with an error, senders find that as
 * its `cause`, and receivers get the error itself.
 */
export class ChannelClosedError extends Error {
  /** Always `"ChannelClosedError"`. */
  override readonly name = "ChannelClosedError";

  /**
   * Says which call was refused.
   *
   * @param action What was tried: `"send"` or `"receive"`.
   * @param cause What the channel was closed with.
   */
  constructor(action: string, cause?: Error) {
    super(
      `Cannot ${action}: the channel is closed`,
      cause === undefined ? undefined : { cause },
    );
  }
}

/** Somebody who waits until an item is taken. */
export class Sender<T> extends Waiter<void> {
  readonly item: T;
  constructor(item: T) {
    super();
    this.item = item;
  }
}

/** How a channel ended. */
export interface Closed {
  /** The error it was closed with, if it was one. */
  readonly error: Error | undefined;
}

/**
 * The items of a channel and those who wait at its ends. At most one of the
 * lines is not empty; senders wait only while there is no room.
 */
export class ChannelState<T> {
  readonly capacity: number;
  readonly items: Queue<T> = new Queue<T>();
  readonly receivers: Line<T> = new Line<T>();
  readonly senders: Line<void> = new Line<void>();
  closed: Closed | undefined = undefined;

  constructor(capacity: number) {
    this.capacity = capacity;
  }
  /** Whether there is an item to take. */
  get ready(): boolean {
    return this.items.length > 0 || this.senders.first !== undefined;
  }
  /** Hands an item over, or keeps it, if there is room; never when closed. */
  offer(item: T): boolean {
    const receiver = this.receivers.first;
    if (receiver !== undefined) receiver.give(item);
    else if (this.items.length < this.capacity) this.items.push(item);
    else return false;
    return true;
  }
  /** Takes the next item. There has to be one. */
  take(): T {
    const sender = this.senders.first as Sender<T> | undefined;
    if (this.items.length === 0) {
      const { item } = sender!;
      sender!.give();
      return item;
    }
    const item = this.items.shift();
    if (sender !== undefined) {
      this.items.push(sender.item);
      sender.give();
    }
    return item;
  }
  /** Accepted items stay; who waits is told. */
  close(error: Error | undefined): void {
    if (this.closed !== undefined) return;
    this.closed = { error };
    for (let next = this.senders.first; next; next = this.senders.first) {
      next.refuse(this.sendError());
    }
    for (let next = this.receivers.first; next; next = this.receivers.first) {
      next.refuse(this.receiveError());
    }
  }
  sendError(): Error {
    return new ChannelClosedError("send", this.closed?.error);
  }
  receiveError(): Error {
    return this.closed?.error ?? new ChannelClosedError("receive");
  }
}
