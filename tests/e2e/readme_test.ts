/**
 * The README's way from an empty folder to a running program, step by step as
 * it stands there. The packages' names stand for the tarballs and for a JSR
 * registry that is a folder.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { basename, delimiter, dirname, join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { writeRegistry } from "../../tools/file_registry.ts";
import { pack } from "../../tools/pack.ts";
import { programOf, runtimes } from "../../tools/runtimes.ts";
import { ownPackages } from "../../tools/workspace.ts";
import { test } from "../_harness.ts";
import { codeBlocks, readText } from "../_markdown.ts";
import { type Consumer, makeConsumer, withConsumer } from "./_consumer.ts";

const readme = codeBlocks(readText("README.md"));
const [program] = blocks("Use", "ts");
const [printed] = blocks("Use", "text");
const core = ownPackages()[0]!;

function blocks(heading: string, info: string): string[] {
  return readme
    .filter((block) => block.heading === heading && block.info === info)
    .map(({ code }) => code);
}

/** The one command of the README's section that starts like this. */
function command(heading: string, start: string): string[] {
  const found = blocks(heading, "sh").flatMap((code) => code.split("\n"))
    .filter((line) => line.startsWith(`${start} `));
  assertEquals(found.length, 1, `${start} in ${heading}`);
  return found[0]!.split(" ");
}

/** How to run the program, as the text says. */
function runCommand(start: string): string[] {
  const found = readText("README.md").match(
    new RegExp(`\`(${start} main\\.mjs)\``),
  );
  assertMatch(found?.[1] ?? "", /main\.mjs/, start);
  return found![1]!.split(" ");
}

/** Follows both steps; prints how long they took, which decides nothing. */
async function follow(
  consumer: Consumer,
  steps: readonly (readonly string[])[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  await consumer.write({ "main.mjs": program! });
  const start = performance.now();
  let output = "";
  for (const [name = "", ...args] of steps) {
    output = await consumer.run(name, args, { env });
  }
  const seconds = (performance.now() - start) / 1_000;
  console.log(
    `${basename(steps[0]![0]!)}: ${seconds.toFixed(1)} s to a running program`,
  );
  return output;
}

test("README.md leads from an empty folder to a running program on Node 20", () =>
  withConsumer(async (consumer) => {
    const shelf = await makeConsumer();
    const tarball = pack(core, shelf.folder);
    const install = command("Install", "npm install")
      .map((word) => word === core.name ? tarball : word);
    assertEquals(install.includes(tarball), true);
    const node = dirname(programOf(runtimes.node20));
    const output = await follow(consumer, [install, runCommand("node")], {
      PATH: node + delimiter + process.env.PATH,
    });
    assertEquals(output, printed);
  }));

test("README.md leads from an empty folder to a running program on Deno", () =>
  withConsumer(async (consumer) => {
    const registry = join(consumer.folder, "registry");
    writeRegistry(registry);
    const steps = [command("Install", "deno add"), runCommand("deno run")];
    const output = await follow(
      consumer,
      steps.map(([, ...args]) => [Deno.execPath(), ...args]),
      { JSR_URL: `${pathToFileURL(registry).href}/` },
    );
    assertEquals(output, printed);
  }));
