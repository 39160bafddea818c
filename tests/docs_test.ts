import { readdirSync } from "node:fs";
import { assert, assertEquals } from "@std/assert";
import * as tasks from "@mdc/tasks";
import * as testing from "@mdc/tasks/testing";
import { test } from "./_harness.ts";
import { type CodeBlock, codeBlocks, readText } from "./_markdown.ts";

const root = new URL("../", import.meta.url);
const pages = [
  "README.md",
  ...readdirSync(new URL("docs/", root))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

const modules: Record<string, unknown> = {
  "@mdc/tasks": tasks,
  "@mdc/tasks/testing": testing,
};

const IMPORT = /^import \{([^}]*)\} from "([^"]+)";$/gm;

type Program = (
  imports: Record<string, unknown>,
  console: { log: (...values: unknown[]) => void },
) => Promise<void>;

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => Program;

/** Runs a program of a page; returns what it prints. */
async function output(code: string): Promise<string> {
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
  await new AsyncFunction("imports", "console", body)(modules, { log });
  return printed;
}

/** The programs of a page, each with the block of output that follows it. */
function programs(path: string): { block: CodeBlock; printed: string }[] {
  const blocks = codeBlocks(readText(path));
  return blocks.flatMap((block, index) => {
    const next = blocks[index + 1];
    return block.info === "ts" && next?.info === "text"
      ? [{ block, printed: next.code }]
      : [];
  });
}

for (const path of ["README.md", "docs/semantics.md"]) {
  for (const { block, printed } of programs(path)) {
    test(`${path}: "${block.heading}" prints what the page says`, async () => {
      assertEquals(await output(block.code), printed);
    });
  }
}

test("docs/semantics.md shows the output of every program", () => {
  const path = "docs/semantics.md";
  const all = codeBlocks(readText(path)).filter(({ info }) => info === "ts");
  assert(all.length > 0);
  assertEquals(programs(path).map(({ block }) => block), all);
});

// `deno test --doc` type-checks and runs the blocks that are marked "ts" and
// nothing else.
test("README.md and docs/ have no TypeScript that escapes the tests", () => {
  const escaped = pages.flatMap((path) =>
    codeBlocks(readText(path))
      .filter(({ info }) => /^(js|ts|typescript|javascript)\b/.test(info))
      .filter(({ info }) => info !== "ts")
      .map(({ line }) => `${path}:${line}`)
  );
  assertEquals(escaped, []);
});
