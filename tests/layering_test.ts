import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findCycle, readModule } from "../tools/module_graph.ts";
import { test } from "./_harness.ts";

const LONGEST_FILE = 300;

const source = fileURLToPath(new URL("../src", import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({
    name,
    text: readFileSync(join(source, name), "utf8"),
  }));
const modules = new Map(
  files.map(({ name, text }) => [name, readModule(text)]),
);

test("src/ has no cycle of imports", () => {
  const graph = new Map(
    [...modules].map(([name, { imports }]) => [
      name,
      imports.map((specifier) => join(name, "..", specifier)),
    ]),
  );
  assertEquals(findCycle(graph), undefined);
});

/** The stack: a file imports from its own row and from rows above it. */
const STACK: readonly (readonly RegExp[])[] = [
  [/^core\//, /^(errors|reason|settings|outcome)\.ts$/],
  [
    /^(event|is_cancellation)\.ts$/,
    /^waits\/(sleep|checkpoint|abortable|once)\.ts$/,
    /^waits\/(abortable_promise|abortable_iterable|reaction)\.ts$/,
    /^waits\/(stream_source|close_within)\.ts$/,
  ],
  [/^progress\/(progress|progress_values|task_progress)\.ts$/],
  [/^task\//],
  [/^waits\//, /^progress\//, /^propagation\//],
  [/^(tracker|cancel_all|cleanup|current_time)\.ts$/],
  [/^(scope|scope_context|timeouts|shield)\.ts$/],
  [/^group\//, /^combinators\//],
  [/^run\//, /^testing\//],
  [/^flow\//],
];

function row(name: string): number {
  return STACK.findIndex((row) => row.some((pattern) => pattern.test(name)));
}

test("src/ is a stack of rooms: no file imports from a row below its own", () => {
  for (const [name, { imports }] of modules) {
    assertGreater(row(name), -1, `src/${name} is in no row`);
    const below = imports.map((specifier) => join(name, "..", specifier))
      .filter((target) => row(target) > row(name));
    assertEquals(below, [], `src/${name}`);
  }
});

test("mod.ts gives nothing but types out of the kernel", () => {
  const mod = readFileSync(join(source, "..", "mod.ts"), "utf8");
  const values = [
    ...mod.matchAll(/export (?!type)[^;]*"\.\/src\/core\/[^;]*/g),
  ];
  assertEquals(values.map(([text]) => text), []);
});

test("no file of src/ is named with an underscore", () => {
  const named = files.filter(({ name }) => /(^|\/)_/.test(name));
  assertEquals(named.map(({ name }) => name), []);
});

/** The public names of the core, as seen from a room of src/. */
const PUBLIC = "../../mod.ts";

test("src/flow/ is built on the public names of the core alone", () => {
  const flow = [...modules].filter(([name]) => name.startsWith("flow/"));
  assertGreater(flow.length, 0);
  for (const [name, { imports }] of flow) {
    const others = imports.filter((specifier) =>
      specifier !== PUBLIC && !specifier.startsWith("./")
    );
    assertEquals(others, [], `src/${name}`);
  }
});

test("src/ imports nothing but its own files", () => {
  assertGreater(modules.size, 0);
  for (const [name, { imports }] of modules) {
    const foreign = imports.filter((specifier) =>
      !modules.has(join(name, "..", specifier)) &&
      !(name.startsWith("flow/") && specifier === PUBLIC)
    );
    assertEquals(foreign, [], `src/${name}`);
  }
});

test("src/ knows no runtime, but for a look-up of async_hooks", () => {
  for (const [name, { runtimeUses }] of modules) {
    assertEquals(runtimeUses, [], `src/${name}`);
  }
});

test("src/ names no runtime, not even in a comment", () => {
  for (const { name, text } of files) {
    const lines = text.replaceAll("node:async_hooks", "").split("\n")
      .filter((line) => /\b(Deno|Node|Node\.js|Bun)\b|\bnode:[a-z]/.test(line));
    assertEquals(lines, [], `src/${name}`);
  }
});

test(`src/ has no file of ${LONGEST_FILE} lines or more`, () => {
  for (const { name, text } of files) {
    const lines = text.trimEnd().split("\n").length;
    assertLess(lines, LONGEST_FILE, `src/${name} has ${lines} lines`);
  }
});

test(`tests/ has no file of more than ${LONGEST_FILE} lines`, () => {
  const folder = new URL("./", import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  assertLess(0, names.length);
  for (const name of names) {
    const text = readFileSync(new URL(name, folder), "utf8");
    const lines = text.trimEnd().split("\n").length;
    assertLess(lines, LONGEST_FILE + 1, `tests/${name} has ${lines} lines`);
  }
});

test("readModule() finds imports of every form", () => {
  const { imports } = readModule(`
    import { a } from "./a.ts";
    import type { B } from "./b.ts";
    export * from "./c.ts";
    export type { D } from "./d.ts";
    import "./e.ts";
    type F = import("./f.ts").F;
    const g = await import("./g.ts");
    const h = await import(g.name);
    // import "./comment.ts";
    const text = 'import "./string.ts"';
  `);
  assertEquals(imports, [
    "./a.ts",
    "./b.ts",
    "./c.ts",
    "./d.ts",
    "./e.ts",
    "./f.ts",
    "./g.ts",
    "(computed)",
  ]);
});

test("readModule() finds uses of a runtime", () => {
  const { runtimeUses } = readModule(`
    // Deno.exit() and Bun in a comment
    Deno.exit();
    globalThis.Bun;
    import { exit } from "node:process";
    process.getBuiltinModule("node:fs");
    const name = "node:async_hooks";
  `);
  assertEquals(runtimeUses, [
    "3: Deno",
    "4: Bun",
    "5: node:process",
    "6: node:fs",
    "7: node:async_hooks",
  ]);
});

test("readModule() lets async_hooks be looked up", () => {
  const { runtimeUses } = readModule(`
    globalThis.process?.getBuiltinModule?.("node:async_hooks");
  `);
  assertEquals(runtimeUses, []);
});

test("findCycle() names the modules of a cycle", () => {
  assertEquals(
    findCycle(
      new Map([["a", ["b", "c"]], ["b", ["c"]], ["c", ["d"]], ["d", ["b"]]]),
    ),
    ["b", "c", "d", "b"],
  );
  assertEquals(
    findCycle(new Map([["a", ["b", "c"]], ["b", ["c"]], ["c", []]])),
    undefined,
  );
  assertEquals(findCycle(new Map([["a", ["a"]]])), ["a", "a"]);
});
