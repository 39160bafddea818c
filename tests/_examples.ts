/**
 * The examples in docstrings: `console.log(expression); // value` is a promise
 * of what is printed, and is checked as one.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import ts from "typescript";
import { codeBlocks } from "./_markdown.ts";
import { run } from "./_programs.ts";

/** A line that prints, and the value beside it or below. */
const PRINTS = /^( *)console\.log\((.*)\);(?: |\n *)\/\/ (.*)$/gm;

/** An example of a source. */
export interface Example {
  /** The line of its first line in the source. */
  readonly line: number;
  readonly code: string;
}

/** The examples in the docstrings of a source. */
export function examplesOf(source: string): Example[] {
  // Lines that are no documentation are empty, so that all keep their number.
  let within = false;
  const lines = source.split("\n").map((line) => {
    const opens = /^ *\/\*\*/.test(line);
    within = opens || (within && !/^ *\*\//.test(line));
    return within && !opens ? line.replace(/^ *\* ?/, "") : "";
  });
  return codeBlocks(lines.join("\n")).filter(({ info }) => info === "ts");
}

/** Runs an example; refuses what prints something else than it says. */
export async function check({ code }: Example): Promise<void> {
  const told: string[] = [];
  const asked = code.replace(PRINTS, (_, indent, expression, value) => {
    told.push(value);
    return `${indent}expect(${told.length - 1}, ${expression}, (${value}));`;
  });
  assert(!asked.includes("console.log("), "something is printed, but not told");
  assert(told.length > 0, "it doesn't tell what it prints");
  const { outputText } = ts.transpileModule(asked, {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ESNext,
      verbatimModuleSyntax: true,
    },
  });
  const reached = new Set<number>();
  await run(outputText, {
    expect(index: number, actual: unknown, value: unknown) {
      assertEquals(actual, value);
      reached.add(index);
    },
  });
  const missing = told.filter((_, index) => !reached.has(index));
  assertEquals(missing, [], "these values were not printed");
}
