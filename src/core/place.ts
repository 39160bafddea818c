import { attempt } from "./shapes.ts";

interface Capturing {
  captureStackTrace?: (target: object, above: unknown) => void;
}

/** The user's lines of a stack. */
function usersLines(stack = ""): string {
  const lines = stack.split("\n").filter((line) => /^\s*at /.test(line));
  // The folder of the library, whose own frames nobody wants to read. In a
  // bundle it is unknown: that file holds the user's frames as well.
  const here = /^(?:file:\/\/)?(.*\/)core\/place\.[jt]s/
    .exec(import.meta.url)?.[1];
  const users = lines.filter((line) =>
    !(here && line.includes(here)) &&
    // A frame of the runtime's own code.
    !/[( ](ext|node|internal|native):/.test(line)
  );
  return (users[0] === undefined ? lines : users).join("\n");
}

/** A place in the code, captured now and written out when somebody reads it. */
export class Place {
  readonly #holder: { stack?: string };
  #lines: string | undefined;

  constructor(entry: unknown) {
    const { captureStackTrace } = Error as Capturing;
    this.#holder = captureStackTrace ? {} : new Error();
    // A stack is written by a hook of the program, which may throw: here on
    // some runtimes, and where it is read on others.
    attempt(() => captureStackTrace?.(this.#holder, entry), undefined);
  }
  get place(): string {
    return this.#lines ??= attempt(() => usersLines(this.#holder.stack), "");
  }
}
