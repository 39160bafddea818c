/**
 * Two copies of the package in one process: as npm nests them, and npm beside
 * the sources, as JSR gives them.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { pack } from "../../tools/pack.ts";
import { programOf, runtimes } from "../../tools/runtimes.ts";
import { ownPackages, root } from "../../tools/workspace.ts";
import { test } from "../_harness.ts";
import { makeConsumer } from "./_consumer.ts";
import { cases } from "./suites/copies.mjs";

const suite = new URL("./suites/copies.mjs", import.meta.url);
const consumer = await makeConsumer();
const tarball = pack(ownPackages()[0]!, consumer.folder);
for (const copy of ["a", "b"]) {
  await consumer.write({
    [`${copy}/package.json`]: '{ "private": true, "type": "module" }\n',
    [`${copy}/copy.mjs`]: 'export * from "@mdc/tasks";\n',
  });
  const folder = join(consumer.folder, copy);
  await consumer.run("npm", [
    "install",
    `--prefix=${folder}`,
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    tarball,
  ]);
}
await consumer.write({
  "copies.mjs": await readFile(suite, "utf8"),
  "misfit.mjs": `
const told = [];
console.error = (...lines) => told.push(lines.join(" "));
Object.defineProperty(globalThis, Symbol.for("@mdc/tasks"), {
  value: { protocol: -1, version: "0.0.1", place: "file:///elsewhere.js", parts: {} },
});
const { createTask } = await import("./a/copy.mjs");
await import("@mdc/tasks").catch(() => {});
console.log(await createTask(() => 1), told.length, told[0]);
`,
});

const PRINTED = `${Object.keys(cases).length} cases\n`;

for (const runtime of Object.values(runtimes)) {
  test(`two copies from npm share one tree on ${runtime.title}`, async () => {
    const args = ["copies.mjs", "./a/copy.mjs", "./b/copy.mjs"];
    assertEquals(await consumer.run(programOf(runtime), args), PRINTED);
  });
}

for (const [title, names] of Object.entries(npmBesideSources())) {
  test(`a copy from npm and one from the sources share one tree on Deno, ${title}`, async () => {
    const output = await consumer.run(Deno.execPath(), [
      "run",
      "--allow-all",
      "--quiet",
      "--node-modules-dir=manual",
      "copies.mjs",
      ...names,
    ]);
    assertEquals(output, PRINTED);
  });
}

function npmBesideSources(): Record<string, readonly string[]> {
  const sources = pathToFileURL(join(root, "mod.ts")).href;
  return {
    "npm first": ["./a/copy.mjs", sources],
    "the sources first": [sources, "./a/copy.mjs"],
  };
}

test("a copy that doesn't fit is told once, with version and place of both", async () => {
  const output = await consumer.run(programOf(runtimes.node24), ["misfit.mjs"]);
  assertMatch(
    output,
    /^1 1 .*0\.0\.1 \(file:\/\/\/elsewhere\.js\).*\d+\.\d+\.\d+ \(file:.*shared\.js\)/,
  );
});
