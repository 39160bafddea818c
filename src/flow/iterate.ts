import { abortable, type CancelSource } from "../../mod.ts";
import { unexpected } from "./arguments.ts";
import { Channel } from "./channel.ts";

/** What items come from: a channel, a stream, an iterable of either kind. */
export type Items<T> =
  | Channel<T>
  | AsyncIterable<T>
  | ReadableStream<T>
  | Iterable<T>;

/** The items of something that may be slow, until its loop is cancelled. */
export function iterate<T>(
  source: Items<T>,
  signal: CancelSource | null | undefined,
  what: string,
): AsyncIterableIterator<T> {
  const options = signal === undefined ? undefined : { signal };
  if (source instanceof Channel) return source.values(options);
  if (typeof source === "object" && source !== null) {
    if (Symbol.asyncIterator in source || "getReader" in source) {
      return abortable(source as AsyncIterable<T>, options);
    }
    if (Symbol.iterator in source) {
      return abortable(inTurn(source), options);
    }
  }
  throw unexpected(what, "a channel, a stream or an iterable", source);
}

async function* inTurn<T>(source: Iterable<T>): AsyncGenerator<T> {
  yield* source;
}
