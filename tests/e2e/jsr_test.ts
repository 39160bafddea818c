/** The packages from a JSR registry, which is a folder here. */
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { writeRegistry } from "../../tools/file_registry.ts";
import { ownPackages } from "../../tools/workspace.ts";
import { test } from "../_harness.ts";
import { makeConsumer, PRINTED, PROGRAM } from "./_consumer.ts";
import { DEVTOOLS, DEVTOOLS_PRINTED, OTEL } from "./_devtools.ts";
import { defects, rules } from "./_defects.ts";

const consumer = await makeConsumer();

const registry = join(consumer.folder, "registry");
writeRegistry(registry);
const env = { JSR_URL: `${pathToFileURL(registry).href}/` };

const entries = ownPackages().flatMap(({ entries }) => Object.keys(entries));
await consumer.write({
  "project/deno.json": JSON.stringify({
    lock: false,
    nodeModulesDir: "none",
    imports: {
      "@mdc/tasks": "jsr:@mdc/tasks@^0.1.0",
      "@mdc/tasks/flow": "jsr:@mdc/tasks@^0.1.0/flow",
      "@mdc/tasks/testing": "jsr:@mdc/tasks@^0.1.0/testing",
      "@mdc/tasks/trace": "jsr:@mdc/tasks@^0.1.0/trace",
      "@mdc/devtools": "jsr:@mdc/devtools@^0.1.0",
      "@mdc/devtools/": "jsr:/@mdc/devtools@^0.1.0/",
    },
  }),
  "project/devtools.js": DEVTOOLS,
  "project/otel.js": OTEL,
  "project/main.ts": PROGRAM,
  "project/entries.ts": entries
    .map((name) => `console.log(typeof await import("jsr:${name}"));\n`)
    .join(""),
});

function deno(...args: string[]): Promise<string> {
  const config = `--config=${join(consumer.folder, "project/deno.json")}`;
  const [command = "", ...rest] = args;
  return consumer.run(Deno.execPath(), [command, config, ...rest], { env });
}

test("a program that imports the core from JSR type-checks", async () => {
  await deno("check", "--all", "project/main.ts");
});

test("a program that imports the core from JSR runs", async () => {
  const output = await deno("run", "--no-check", "project/main.ts");
  assertEquals(output, PRINTED);
});

test("every entry of every package on JSR can be imported", async () => {
  const output = await deno(
    "run",
    "--allow-all",
    "--check",
    "project/entries.ts",
  );
  assertEquals(output, "object\n".repeat(entries.length));
});

test("a program that uses each entry of the devtools from JSR runs", async () => {
  const output = await deno("run", "--allow-all", "project/devtools.js");
  assertMatch(output, DEVTOOLS_PRINTED);
  const traced = await deno("run", "--allow-all", "project/otel.js");
  assertEquals(traced, "traced\n");
});

test("the plugin from JSR lints in Deno", async () => {
  await consumer.write({
    "lint/deno.json": JSON.stringify({
      lock: false,
      nodeModulesDir: "none",
      lint: {
        plugins: ["jsr:@mdc/eslint-plugin@^0.1.0/deno"],
        rules: { tags: [] },
      },
    }),
    ...Object.fromEntries(
      Object.entries(defects).map(([name, text]) => [`lint/${name}`, text]),
    ),
  });
  const config = `--config=${join(consumer.folder, "lint/deno.json")}`;
  const output = await consumer.run(
    Deno.execPath(),
    ["lint", config, "--json", "lint"],
    { env, code: 1 },
  );
  const { diagnostics } = JSON.parse(output) as {
    diagnostics: { code: string }[];
  };
  const found = diagnostics.map(({ code }) => code).sort();
  assertEquals(found, rules.map((rule) => `mdc/${rule}`));
});
