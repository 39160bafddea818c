import {
  abortable,
  type CancelSource,
  moveOnAfter,
  shield,
  type WaitOptions,
} from "../../mod.ts";
import { flag, optionsOf, unexpected } from "./arguments.ts";
import { Channel } from "./channel.ts";
import { type Items, iterate } from "./iterate.ts";
import { quietly } from "./quiet.ts";

/** Options of {@linkcode pipe}. */
export interface PipeOptions extends WaitOptions {
  /** Leaves the target open when the source has ended. Default: `false`. */
  preventClose?: boolean | undefined;
}

/** How long a target may take to fail, in milliseconds. */
const GRACE = 1000;

/** Where items go, whatever it is. */
interface Target<T> {
  send(item: T): Promise<void>;
  /** The source has ended. */
  close(): Promise<void>;
  /** The source, or the way, has failed. */
  fail(error: Error): Promise<void>;
  /** Lets go of it. */
  release(): void;
}

type Signal = CancelSource | null | undefined;

function toChannel<T>(channel: Channel<T>, signal: Signal): Target<T> {
  return {
    send: (item) => channel.send(item, { signal }),
    close: () => Promise.resolve(channel.close()),
    fail: (error) => Promise.resolve(channel.close(error)),
    release: () => {},
  };
}

function toStream<T>(stream: WritableStream<T>, signal: Signal): Target<T> {
  const writer = stream.getWriter();
  const within = signal === undefined ? undefined : { signal };
  return {
    async send(item) {
      await abortable(writer.ready, within);
      // When it fails, so does what comes next.
      writer.write(item).catch(() => {});
    },
    close: () => abortable(writer.close(), within),
    fail: (error) => writer.abort(error),
    release: () => writer.releaseLock(),
  };
}

function targetOf<T>(target: unknown, signal: Signal): Target<T> {
  if (target instanceof Channel) return toChannel<T>(target, signal);
  if (typeof target === "object" && target !== null && "getWriter" in target) {
    return toStream(target as WritableStream<T>, signal);
  }
  throw unexpected(
    "the target of pipe()",
    "a channel or a WritableStream",
    target,
  );
}

async function carry<T>(
  items: AsyncIterable<T>,
  target: Target<T>,
  { preventClose, signal }: { preventClose: boolean; signal: Signal },
): Promise<void> {
  try {
    for await (const item of items) await target.send(item);
    if (!preventClose) await target.close();
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error));
    // A target that hangs is left to itself.
    await shield((scope) =>
      moveOnAfter(
        GRACE,
        ({ abortable }) => abortable(target.fail(known).catch(() => {})),
        { signal: scope },
      ), { signal });
    throw error;
  } finally {
    target.release();
  }
}

/**
 * Sends all items of a source to a channel or a web stream, at the pace of the
 * target.
 *
 * - When the source has ended, the target is closed. When it fails, or the pipe
 *   is cancelled, the target fails with the same error, so nobody waits for
 *   more.
 * - When the target fails or is closed, the source is closed.
 *
 * @example
 * From a stream to a channel
 * ```ts
 * import { Channel, pipe } from "@mdc/tasks/flow";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new Blob(["hello"]).stream();
 * const chunks = new Channel<Uint8Array>();
 * const piping = pipe(bytes, chunks);
 * let length = 0;
 * for await (const chunk of chunks) length += chunk.length;
 * await piping;
 * assertEquals(length, 5);
 * ```
 *
 * @typeParam T The items.
 * @param source A channel, a stream or an iterable.
 * @param target A channel or a `WritableStream`.
 * @param options Whose cancellation ends it, and whether the target stays open.
 * @returns A promise that resolves when all items were accepted. It rejects with
 * what the source or the target failed with, and with the cancellation of the
 * signal (or of the current task).
 * @throws {TypeError} If the source or the target is none of these, or an
 * option is unknown or of the wrong type.
 */
export function pipe<T>(
  source: Items<T>,
  target: Channel<T> | WritableStream<T>,
  options?: PipeOptions,
): Promise<void> {
  const { signal, preventClose = false } = optionsOf<PipeOptions>(
    options,
    "pipe()",
    ["signal", "preventClose"],
  );
  flag(preventClose, "preventClose");
  const items = iterate(source, signal, "the source of pipe()");
  const to = targetOf<T>(target, signal);
  return quietly(() => carry(items, to, { preventClose, signal }), signal);
}
