/** The package of the devtools, installed in an empty folder by plain npm. */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { programOf, runtimes } from "../../tools/runtimes.ts";
import { pack } from "../../tools/pack.ts";
import { ownPackages, root } from "../../tools/workspace.ts";
import { test } from "../_harness.ts";
import { makeConsumer, manifestOf, pinned } from "./_consumer.ts";
import { DEVTOOLS, DEVTOOLS_PRINTED, OTEL } from "./_devtools.ts";

const consumer = await makeConsumer();
const tarballs = ownPackages()
  .filter(({ name }) => ["@mdc/tasks", "@mdc/devtools"].includes(name))
  .map((each) => pack(each, consumer.folder));

/** A project with the packages, and with more. */
async function project(
  name: string,
  more: readonly string[] = [],
): Promise<void> {
  await consumer.write({
    [`${name}/package.json`]: '{ "private": true, "type": "module" }\n',
    [`${name}/deno.json`]: '{ "nodeModulesDir": "manual", "lock": false }\n',
    [`${name}/main.js`]: DEVTOOLS,
    [`${name}/otel.js`]: OTEL,
  });
  const folder = join(consumer.folder, name);
  await consumer.run("npm", [
    "install",
    `--prefix=${folder}`,
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    ...tarballs,
    ...more,
  ]);
}

await project("bare");
await project("traced", [pinned("@opentelemetry/api")]);

/** The runtimes, each with what comes before the path of a program. */
const HOSTS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  [runtimes.node20.title]: [programOf(runtimes.node20)],
  [runtimes.node24.title]: [programOf(runtimes.node24)],
  "Deno": [Deno.execPath(), "run", "--allow-all"],
};

for (const [title, [program, ...args]] of Object.entries(HOSTS)) {
  test(`each entry of @mdc/devtools from npm works on ${title}`, async () => {
    const output = await consumer.run(program, [...args, "bare/main.js"]);
    assertMatch(output, DEVTOOLS_PRINTED);
  });

  test(`@mdc/devtools/otel needs @opentelemetry/api on ${title}`, async () => {
    const error = await assertRejects(
      () => consumer.run(program, [...args, "bare/otel.js"]),
      Error,
    );
    assertMatch(error.message, /@opentelemetry\/api/);
    const output = await consumer.run(program, [...args, "traced/otel.js"]);
    assertEquals(output, "traced\n");
  });
}

test("mdc-ps from npm is a command", async () => {
  const command = join(consumer.folder, "bare/node_modules/.bin/mdc-ps");
  const output = await consumer.run(programOf(runtimes.node24), [
    command,
    "--help",
  ]);
  assertMatch(output, /mdc-ps <url> \[--watch\]/);
});

/** What each entry may need beside `@mdc/tasks`, and nothing more. */
const NEEDS: Record<string, string[]> = {
  "@mdc/devtools": [],
  "@mdc/devtools/console": [
    "ansi-regex",
    "get-east-asian-width",
    "node:process",
    "node:timers",
    "signal-exit",
    "string-width",
    "strip-ansi",
  ],
  "@mdc/devtools/inspector": ["node:buffer", "node:crypto", "node:http"],
  "@mdc/devtools/log": [],
  "@mdc/devtools/otel": ["@opentelemetry/api"],
  "@mdc/devtools/ps": ["node:process", "node:util"],
  "@mdc/devtools/recording": [],
  "@mdc/devtools/watchdog": [],
};

/** What the bundler tells of what it wrote. */
interface Metafile {
  inputs: Record<string, unknown>;
  outputs: Record<string, { imports: { path: string }[] }>;
}

/** What a bundle of an entry has in it, and what it asks the platform for. */
async function needsOf(entry: string): Promise<string[]> {
  await consumer.write({
    "traced/entry.js": `export * from "${entry}";\n`,
  });
  const bundler = `npm:${pinned("esbuild")}`;
  await consumer.run(Deno.execPath(), [
    "run",
    "--allow-all",
    `--config=${join(root, "deno.json")}`,
    bundler,
    "traced/entry.js",
    "--bundle",
    "--platform=node",
    "--format=esm",
    "--outfile=bundle.js",
    "--metafile=bundle.json",
    "--log-level=error",
  ]);
  const metafile = JSON.parse(
    readFileSync(join(consumer.folder, "bundle.json"), "utf8"),
  ) as Metafile;
  const packages = Object.keys(metafile.inputs)
    .map((path) => path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1])
    .filter((name) => name !== undefined && !name.startsWith("@mdc/"));
  const builtins = Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports)
    .map(({ path }) => path);
  return [...new Set([...packages, ...builtins])].sort() as string[];
}

test("no entry of @mdc/devtools pulls what another needs", async () => {
  const found: Record<string, string[]> = {};
  for (const entry of Object.keys(NEEDS)) found[entry] = await needsOf(entry);
  const entries = ownPackages()
    .find(({ name }) => name === "@mdc/devtools")!.entries;
  assertEquals(Object.keys(NEEDS).sort(), Object.keys(entries).sort());
  assertEquals(found, NEEDS);
});

test("@mdc/tasks has no dependency, @mdc/devtools those of its console", () => {
  const [tasks, devtools] = tarballs.map(manifestOf);
  assertEquals([tasks.dependencies, tasks.peerDependencies], [
    undefined,
    undefined,
  ]);
  assertEquals(Object.keys(devtools.dependencies).sort(), [
    "signal-exit",
    "string-width",
  ]);
  const installed = readdirSync(join(consumer.folder, "bare/node_modules"));
  assert(!installed.includes("@opentelemetry"), installed.join());
});
