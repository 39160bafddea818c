import { printable } from "@mdc/tasks/trace";
import process from "node:process";
import { parseArgs } from "node:util";

const HELP = `Prints the tree of the tasks of a running program.

  mdc-ps <url> [--watch]

  <url>     what inspect() gave: http://127.0.0.1:…/…/
  --watch   prints it again whenever something has changed
  --help    this text
`;

/** What the command was told. */
type Told =
  | { readonly status: "help" }
  | { readonly status: "wrong"; readonly why: string }
  | { readonly status: "go"; readonly url: string; readonly watch: boolean };

function toldBy(args: readonly string[]): Told {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { watch: { type: "boolean" }, help: { type: "boolean" } },
    });
    if (values.help) return { status: "help" };
    const [given, ...more] = positionals;
    if (given === undefined || more.length > 0) {
      return { status: "wrong", why: "Give one address" };
    }
    const url = given.endsWith("/") ? given : `${given}/`;
    if (!/^http:\/\/(127\.0\.0\.1|localhost):\d+\//.test(url)) {
      const why = `Cannot use ${given}: expected what inspect() gave`;
      return { status: "wrong", why };
    }
    return { status: "go", url, watch: values.watch === true };
  } catch (error) {
    return { status: "wrong", why: (error as Error).message };
  }
}

async function print(url: string, clear: boolean): Promise<void> {
  const response = await fetch(`${url}tree`);
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${response.status} ${printable(text.trim())}`);
  }
  // The cursor goes up and the screen is cleared, if there is one.
  const erase = clear && process.stdout.isTTY ? "\u001b[H\u001b[2J" : "";
  process.stdout.write(erase + text);
}

/** Prints again after each event, until the program has ended. */
async function printChanges(url: string): Promise<void> {
  const { body } = await fetch(`${url}events`);
  for await (const part of body ?? []) {
    if (new TextDecoder().decode(part as Uint8Array).includes("event: ")) {
      await print(url, true);
    }
  }
}

/**
 * Runs the command.
 *
 * @param args Its arguments, without the name of the program.
 * @returns Its exit code: 0, 1 if the program can't be asked, 2 if the
 * arguments are wrong.
 */
export async function main(args: readonly string[]): Promise<number> {
  const told = toldBy(args);
  if (told.status === "help") {
    process.stdout.write(HELP);
    return 0;
  }
  if (told.status === "wrong") {
    process.stderr.write(`${printable(told.why)}\n\n${HELP}`);
    return 2;
  }
  const { url, watch } = told;
  let asked = false;
  try {
    if (!watch) await print(url, false);
    else {
      await print(url, true);
      asked = true;
      await printChanges(url);
    }
    return 0;
  } catch (error) {
    // A program that was watched and is gone has ended.
    if (asked) return 0;
    const why = printable(String((error as Error).message ?? error));
    process.stderr.write(`Cannot ask the program: ${why}\n`);
    return 1;
  }
}
