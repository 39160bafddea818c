import { nothing } from "../core/quiet.ts";
import { can } from "../core/validate.ts";

/**
 * Something that gives items one by one and can be asked to end: an iterator,
 * or a stream.
 */
export interface Opened<T> {
  next(): IteratorResult<T> | PromiseLike<IteratorResult<T>>;
  /**
   * Asks it to end, once.
   *
   * @param error Why, if it is cut short.
   * @returns What to wait for, if it can hear.
   */
  close(error: unknown): PromiseLike<unknown> | undefined;
  /** It has ended by itself. */
  ended?(): void;
  /** Whether its cleanup may fail in a `next()` that is under way. */
  readonly cleansUpInNext: boolean;
}

/** What is asked of a stream that is an event emitter. */
interface EmitterStream<T> extends AsyncIterable<T> {
  readonly destroyed: boolean;
  destroy(error?: unknown): unknown;
  on(type: string, listener: () => void): unknown;
  once(type: string, listener: () => void): unknown;
  removeListener(type: string, listener: () => void): unknown;
}

function openWebStream<T>(stream: ReadableStream<T>): Opened<T> {
  const reader = stream.getReader();
  return {
    next: () => reader.read() as Promise<IteratorResult<T>>,
    close(error) {
      // Whoever reads is told that it has ended, and the lock is free.
      const cancelled = reader.cancel(error);
      reader.releaseLock();
      return cancelled;
    },
    ended: () => reader.releaseLock(),
    cleansUpInNext: false,
  };
}

/** Destroys a stream; its "error" event is for those who listen to it. */
function destroy(stream: EmitterStream<unknown>, error: unknown): void {
  if (stream.destroyed) return;
  stream.on("error", nothing);
  stream.once("close", () => stream.removeListener("error", nothing));
  stream.destroy(error);
}

/** Opens an iterable; a stream is destroyed, whatever its iterator says. */
function openIterable<T>(
  iterable: AsyncIterable<T> | EmitterStream<T>,
  isStream: boolean,
): Opened<T> {
  const iterator = iterable[Symbol.asyncIterator]();
  return {
    next: () => iterator.next(),
    close(error) {
      if (!isStream) return iterator.return?.();
      destroy(iterable as EmitterStream<T>, error);
      return iterator.return?.().then(nothing, nothing);
    },
    cleansUpInNext: !isStream,
  };
}

/**
 * How to open a stream or an async iterable, which it knows by its shape;
 * `undefined` for anything else. Streams come first: they can be ended while
 * somebody reads.
 */
export function openerOf<T>(value: unknown): (() => Opened<T>) | undefined {
  if (can(value, "getReader", "cancel")) {
    return () => openWebStream(value as ReadableStream<T>);
  }
  if (can(value, Symbol.asyncIterator)) {
    const isStream = can(value, "destroy", "pipe", "on", "removeListener");
    return () => openIterable(value as AsyncIterable<T>, isStream);
  }
}
