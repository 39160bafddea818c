import { assert } from "@std/assert";
import { census } from "../src/core/shared.ts";
import { settings } from "../src/settings.ts";
import { modules } from "./_exports.ts";
import { type CodeBlock, codeBlocks, readText } from "./_markdown.ts";

const IMPORT = /^import \{([^}]*)\} from "([^"]+)";$/gm;

type Body = (
  imports: Record<string, unknown>,
  console: { log: (...values: unknown[]) => void },
) => Promise<void>;

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => Body;

/** Runs a program of a page; returns what it prints. */
export async function output(code: string): Promise<string> {
  let printed = "";
  const log = (...values: unknown[]) => {
    // How an object is printed differs between runtimes.
    assert(values.every((value) => Object(value) !== value));
    printed += `${values.map(String).join(" ")}\n`;
  };
  const body = code.replaceAll(
    IMPORT,
    (_, names: string, from: string) =>
      `const {${names.replaceAll(" as ", ": ")}} = imports["${from}"];`,
  );
  // Each program is one of its own: no task was started before.
  const before = { ...settings };
  census.started = false;
  try {
    await new AsyncFunction("imports", "console", body)(modules, { log });
  } finally {
    Object.assign(settings, before);
  }
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
