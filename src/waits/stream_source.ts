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
  ended(): void;
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

const nothing = (): void => {};

/** Whether something has all these methods. */
function can(value: object, ...methods: string[]): boolean {
  return methods.every((method) =>
    typeof (value as Record<string, unknown>)[method] === "function"
  );
}

function isAsyncIterable(value: object): value is AsyncIterable<unknown> {
  return Symbol.asyncIterator in value &&
    typeof value[Symbol.asyncIterator] === "function";
}

function isEmitterStream(value: object): value is EmitterStream<unknown> {
  return isAsyncIterable(value) &&
    can(value, "destroy", "pipe", "on", "once", "removeListener");
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

function openEmitterStream<T>(stream: EmitterStream<T>): Opened<T> {
  const iterator = stream[Symbol.asyncIterator]();
  return {
    next: () => iterator.next(),
    close(error) {
      destroy(stream, error);
      return iterator.return?.().then(nothing, nothing);
    },
    ended: nothing,
    cleansUpInNext: false,
  };
}

function openIterable<T>(iterable: AsyncIterable<T>): Opened<T> {
  const iterator = iterable[Symbol.asyncIterator]();
  return {
    next: () => iterator.next(),
    close: () => iterator.return?.(),
    ended: nothing,
    cleansUpInNext: true,
  };
}

/**
 * How to open a stream or an async iterable, which it knows by its shape;
 * `undefined` for anything else. Streams come first: they can be ended while
 * somebody reads.
 */
export function openerOf<T>(value: unknown): (() => Opened<T>) | undefined {
  if (typeof value !== "object" && typeof value !== "function") return;
  if (value === null) return;
  if (can(value, "getReader", "cancel")) {
    return () => openWebStream(value as ReadableStream<T>);
  }
  if (isEmitterStream(value)) {
    return () => openEmitterStream(value as EmitterStream<T>);
  }
  if (isAsyncIterable(value)) {
    return () => openIterable(value as AsyncIterable<T>);
  }
}
