/** How many characters of a name, reason or error a line shows. */
const LONGEST = 200;

/**
 * Makes a text from outside (the name of a task, a message) safe to be shown
 * on one line of a terminal: control characters, of which escape sequences are
 * made, line ends, directions of writing and halves of surrogate pairs are
 * written out, and what is longer than 200 characters is cut.
 *
 * @example
 * A name that would colour the terminal
 * ```ts
 * import { printable } from "@mdc/tasks/trace";
 *
 * console.log(printable("\u001b[31mred\n")); // "\\u001b[31mred\\n"
 * ```
 *
 * @param text The text.
 * @returns The text on one line.
 */
export function printable(text: string): string {
  const cut = text.length > LONGEST;
  const short = cut ? text.slice(0, LONGEST) : text;
  const safe = short.replace(UNSAFE, writeOut);
  return cut ? `${safe}… (${text.length} characters)` : safe;
}

const UNSAFE =
  /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

function writeOut(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\t") return "\\t";
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
