/** The examples in the docstrings of src/: what hovers and JSR's pages show. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { readdirSync } from "node:fs";
import { check, type Example, examplesOf } from "./_examples.ts";
import { test } from "./_harness.ts";
import { readText } from "./_markdown.ts";

const sources = readdirSync(new URL("../src", import.meta.url), {
  recursive: true,
  encoding: "utf8",
}).filter((name) => name.endsWith(".ts")).map((name) => `src/${name}`);

/** Whether it leaves a task behind that never ends. */
const isStuck = ({ code }: Example) => code.includes("new Promise(() => {})");

// Those that others would find in their way come last.
const examples = [
  "flow.ts",
  "mod.ts",
  "testing.ts",
  "trace.ts",
  ...sources.toSorted(),
]
  .flatMap((path) =>
    examplesOf(readText(path)).map((example) => ({ path, ...example }))
  )
  .toSorted((a, b) => Number(isStuck(a)) - Number(isStuck(b)));

for (const { path, line, code } of examples) {
  test(`the example at ${path}:${line} prints what it says`, async () => {
    await check({ line, code });
  });

  test(`the example at ${path}:${line} imports nothing but the library`, () => {
    const modules = [...code.matchAll(/ from "([^"]+)";/g)]
      .map(([, name = ""]) => name);
    assert(modules.length > 0);
    const others = modules.filter((name) => !name.startsWith("@mdc/tasks"));
    assertEquals(others, []);
  });
}

const example = (code: string): Example => ({ line: 1, code });

test("check() refuses a value that isn't printed", async () => {
  await check(example('console.log("a" + "b"); // "ab"\n'));
  const wrong: [code: string, message: string][] = [
    ['console.log("a" + "b"); // "abc"\n', "abc"],
    ['console.log("a" + "b");\n', "not told"],
    ["const a: number = 1;\n", "what it prints"],
    ["if (false) {\n  console.log(1); // 1\n}\n", "not printed"],
    [
      "await Promise.reject(new Error('broken'));\nconsole.log(1);\n// 1\n",
      "broken",
    ],
  ];
  for (const [code, message] of wrong) {
    await assertRejects(() => check(example(code)), Error, message);
  }
});

test("examplesOf() finds the code in docstrings, with its line", () => {
  const source =
    "const a = 1;\n/**\n * @example\n * A\n * ```ts\n * if (a) {\n *   b();\n * }\n * ```\n */\n";
  assertEquals(
    examplesOf(source).map(({ line, code }) => [line, code]),
    [[6, "if (a) {\n  b();\n}\n"]],
  );
});
