/** The rooms of the plugin: which folder may import which. */
import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "../../tests/_harness.ts";
import { findCycle, readModule } from "../../tools/module_graph.ts";

/** From the bottom up: a file imports from its own row and from rows above. */
const STACK = [
  "host",
  "vocabulary",
  "syntax",
  "semantics/names",
  "semantics/tasks",
  "semantics/signals",
  "semantics/promises",
  "semantics/cancellation",
  "analyses",
  "edits",
  "rules",
  "recipes",
  "mod.ts",
  "deno",
  "codemod",
  "codemod.ts",
];

/** What a row may use besides its own files: hosts of ESLint and of Node. */
const ALLOWED: { readonly [row: string]: RegExp } = {
  deno: /^@typescript-eslint\//,
  codemod:
    /^node:|^(?:eslint|globby|diff|picocolors|cli-progress|node-sarif-builder|typescript|@clack\/prompts|@typescript-eslint\/\w+)$/,
  "codemod.ts": /^node:/,
};

const LONGEST_FILE = 300;

const root = fileURLToPath(new URL("..", import.meta.url));
const texts = new Map(
  ["", ...STACK.filter((row) => !row.includes("."))].flatMap((row) =>
    readdirSync(join(root, row), {
      recursive: row !== "",
      encoding: "utf8",
    })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => {
        const path = join(row, name).replaceAll("\\", "/");
        return [path, readFileSync(join(root, path), "utf8")] as const;
      })
  ),
);
const modules = new Map(
  [...texts].map(([path, text]) => [path, readModule(text)]),
);

function rowOf(path: string): number {
  return STACK.findIndex((row) => path === row || path.startsWith(`${row}/`));
}

function targetOf(path: string, specifier: string): string {
  return join(dirname(path), specifier).replaceAll("\\", "/");
}

test("every file of the plugin stands in a row of the stack", () => {
  assertGreater(modules.size, 100);
  const homeless = [...modules.keys()].filter((path) => rowOf(path) < 0);
  assertEquals(homeless, []);
});

test("the plugin imports only upwards in the stack", () => {
  const wrong = [...modules].flatMap(([path, { imports }]) =>
    imports.filter((each) => each.startsWith("."))
      .map((each) => targetOf(path, each))
      .filter((target) => rowOf(target) > rowOf(path))
      .map((target) => `${path} imports ${target}`)
  );
  assertEquals(wrong, []);
});

test("the plugin imports only files that the stack has", () => {
  const wrong = [...modules].flatMap(([path, { imports }]) =>
    imports.filter((each) => each.startsWith("."))
      .map((each) => targetOf(path, each))
      .filter((target) => !modules.has(target))
      .map((target) => `${path} imports ${target}`)
  );
  assertEquals(wrong, []);
});

test("the plugin has no cycle of imports", () => {
  const graph = new Map(
    [...modules].map(([path, { imports }]) => [
      path,
      imports.filter((each) => each.startsWith("."))
        .map((each) => targetOf(path, each)),
    ]),
  );
  assertEquals(findCycle(graph), undefined);
});

test("rules use no package but the types of the syntax tree", () => {
  const wrong = [...modules].flatMap(([path, { imports }]) => {
    const allowed = ALLOWED[STACK[rowOf(path)] ?? ""];
    return imports.filter((each) =>
      !each.startsWith(".") && each !== "@typescript-eslint/utils" &&
      !allowed?.test(each)
    ).map((each) => `${path} imports ${each}`);
  });
  assertEquals(wrong, []);
  const values = [...texts].filter(([path, text]) =>
    rowOf(path) < STACK.indexOf("deno") &&
    /^import (?!type\b)[^;]*"@typescript-eslint\/utils"/m.test(text)
  );
  assertEquals(values.map(([path]) => path), []);
});

test("no name begins with an underscore or looks like a test's", () => {
  const wrong = [...modules.keys()].filter((path) =>
    /(?:^|\/)_|(?:^|[_/])test\.ts$/.test(path)
  );
  assertEquals(wrong, []);
});

test(`the plugin has no file of ${LONGEST_FILE} lines or more`, () => {
  for (const [path, text] of texts) {
    const lines = text.trimEnd().split("\n").length;
    assertLess(lines, LONGEST_FILE, `${path} has ${lines} lines`);
  }
});
