import { shorten } from "./shorten.ts";

/** How many characters of a message or a stack are kept. */
const LONGEST = 4_000;

/** An error as data that can be kept: it holds nothing of the program. */
export interface ErrorText {
  /** Its name, or the type of what was thrown. */
  readonly name: string;
  /** Its message. */
  readonly message: string;
  /** The lines of the stack, if it has one. */
  readonly stack?: string;
}

function textOf(read: () => unknown): string {
  try {
    const value = read();
    return typeof value === "string" ? value : String(value);
  } catch {
    return "(can't be shown)";
  }
}

/** Describes whatever was thrown; a value that throws when it is read as well. */
export function describeError(error: unknown): ErrorText {
  if (typeof error !== "object" || error === null) {
    return {
      name: typeof error,
      message: shorten(textOf(() => error), LONGEST),
    };
  }
  const { name, message, stack } = {
    name: textOf(() => (error as Error).name ?? "Error"),
    message: textOf(() => (error as Error).message ?? error),
    stack: textOf(() => (error as Error).stack ?? ""),
  };
  return {
    name: shorten(name, 200),
    message: shorten(message, LONGEST),
    ...(stack === "" ? {} : { stack: shorten(stack, LONGEST) }),
  };
}
