import { assert } from "@std/assert";
import { census } from "../src/core/shared.ts";
import { settings } from "../src/settings.ts";
import { modules } from "./_exports.ts";
import { type CodeBlock, codeBlocks, readText } from "./_markdown.ts";

const IMPORT = /^import \{([^}]*)\} from "([^"]+)";$/gm;

type Body = (
  imports: Record<string, unknown>,
  ...values: unknown[]
) => Promise<void>;

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => Body;

/** Runs a program of a page, which finds some names around it. */
export async function run(
  code: string,
  names: Readonly<Record<string, unknown>>,
): Promise<void> {
  const body = code.replaceAll(
    IMPORT,
    (_, names: string, from: string) =>
      `const {${names.replaceAll(" as ", ": ")}} = imports["${from}"];`,
  );
  // Each program is one of its own: no task was started before.
  const before = { ...settings };
  census.started = false;
  try {
    const program = new AsyncFunction("imports", ...Object.keys(names), body);
    await program(modules, ...Object.values(names));
  } finally {
    Object.assign(settings, before);
  }
}

/** Runs a program of a page; returns what it prints. */
export async function output(code: string): Promise<string> {
  let printed = "";
  const log = (...values: unknown[]) => {
    // How an object is printed differs between runtimes.
    assert(values.every((value) => Object(value) !== value));
    printed += `${values.map(String).join(" ")}\n`;
  };
  await run(code, { console: { log } });
  return printed;
}

/** A program of a page, and the block of output that follows it. */
export interface PageProgram {
  readonly block: CodeBlock;
  readonly printed: string;
}

/** The programs of a page, in order. */
export function programs(path: string): PageProgram[] {
  const blocks = codeBlocks(readText(path));
  return blocks.flatMap((block, index) => {
    const next = blocks[index + 1];
    return block.info === "ts" && next?.info === "text"
      ? [{ block, printed: next.code }]
      : [];
  });
}
