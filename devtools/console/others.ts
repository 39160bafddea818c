import type { OutputStream } from "./output_stream.ts";

/** What is told of what others write. */
export interface OthersListener {
  /** Before something is written: what has to be written first. */
  before(): string;
  /** After it: what is to be written then. */
  after(text: string): string;
}

type Write = (
  chunk: string | Uint8Array,
  ...more: readonly unknown[]
) => boolean;

/** How many bytes of the end of what is written are looked at. */
const TAIL = 4_096;

const decoder = new TextDecoder();

function textOf(chunk: string | Uint8Array): string {
  return typeof chunk === "string"
    ? chunk
    : decoder.decode(chunk.subarray(-TAIL));
}

/** Whether a text is bytes in disguise, as `hex` or `base64`. */
function isEncoded(encoding: unknown): boolean {
  return typeof encoding === "string" && !/^utf-?8$/i.test(encoding);
}

/** What others write to streams, and by a console that goes past them. */
export class Others {
  readonly #listener: OthersListener;
  /** How deep we are in what somebody else writes, or write ourselves. */
  #depth = 0;
  readonly #undo: (() => void)[] = [];

  constructor(listener: OthersListener) {
    this.#listener = listener;
  }

  /** Listens to a stream; returns how to write to it past us. */
  stream(stream: OutputStream): (text: string) => void {
    const original = stream.write as unknown as Write;
    const own = Object.hasOwn(stream, "write");
    const raw = (text: string) => void original.call(stream, text);
    let over = false;
    const write: Write = (chunk, ...more) => {
      if (over || this.#depth > 0) {
        return original.call(stream, chunk, ...more);
      }
      const first = this.#listener.before();
      const then = this.#listener.after(textOf(chunk));
      if (typeof chunk === "string" && !isEncoded(more[0])) {
        // In one piece, so that nothing flickers.
        return original.call(stream, first + chunk + then, ...more);
      }
      if (first !== "") raw(first);
      const full = original.call(stream, chunk, ...more);
      if (then !== "") raw(then);
      return full;
    };
    stream.write = write as typeof stream.write;
    this.#undo.push(() => {
      over = true;
      // Somebody may have put theirs above ours.
      if (stream.write as unknown !== write) return;
      if (own) stream.write = original as unknown as typeof stream.write;
      else delete (stream as { write?: unknown }).write;
    });
    return raw;
  }

  /** What a console writes; `raw` writes to the same terminal. */
  console(names: readonly ConsoleMethod[], raw: (text: string) => void): void {
    const console = globalThis.console as unknown as Record<string, Method>;
    for (const name of names) {
      const original = console[name];
      if (typeof original !== "function") continue;
      let over = false;
      const method: Method = (...args) => {
        if (over || this.#depth > 0) return original.apply(console, args);
        const first = this.#listener.before();
        if (first !== "") raw(first);
        this.#depth++;
        try {
          return original.apply(console, args);
        } finally {
          this.#depth--;
          const then = this.#listener.after("\n");
          if (then !== "") raw(then);
        }
      };
      console[name] = method;
      this.#undo.push(() => {
        over = true;
        if (console[name] === method) console[name] = original;
      });
    }
  }

  release(): void {
    for (const undo of this.#undo.reverse()) undo();
  }
}

type Method = (...args: unknown[]) => unknown;

/** A method of a console that writes. */
export type ConsoleMethod = Exclude<keyof Console, "console" | "Console">;

/** The methods that write, by where to. */
export const CONSOLE: {
  readonly [stream in "stdout" | "stderr"]: readonly ConsoleMethod[];
} = {
  stdout: [
    "log",
    "info",
    "debug",
    "dir",
    "dirxml",
    "table",
    "group",
    "groupCollapsed",
    "count",
    "timeLog",
    "timeEnd",
    "clear",
  ],
  stderr: ["error", "warn", "trace", "assert"],
};
