/**
 * The package for npm under what users test with, and where the platform is
 * not as usual: test files in a realm of their own, replaced timers, frozen
 * classes. What is run stands in `suites/`.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { mkdir, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pack } from "../../tools/pack.ts";
import {
  folderOf,
  frameworks,
  programOf,
  runtimes,
  type Tool,
} from "../../tools/runtimes.ts";
import { ownPackages } from "../../tools/workspace.ts";
import { test } from "../_harness.ts";
import { makeConsumer } from "./_consumer.ts";

const { node20, node22, node24 } = runtimes;
const { jest, vitest, fakeTimers } = frameworks;

const consumer = await makeConsumer();
await consumer.write({
  "package.json": JSON.stringify({
    private: true,
    type: "module",
    // Sources as they are: neither Babel nor anything else changes them.
    jest: { testEnvironment: "node", transform: {} },
  }),
  "esm/plain.test.mjs": await suite("plain.mjs"),
  "cjs/require.test.cjs": `
const { createTask } = require("@mdc/tasks");
const testing = require("@mdc/tasks/testing");

test("require() gives both entries", async () => {
  const task = createTask(({ sleep }) => sleep(60_000));
  task.cancel("stop");
  await expect(task).rejects.toThrow("stop");
  expect(typeof testing.withVirtualClock).toBe("function");
});
`,
  "frozen.mjs": await suite("frozen.mjs"),
  "mock_timers.mjs": await suite("mock_timers.mjs"),
});
await consumer.run("npm", [
  "install",
  "--no-audit",
  "--no-fund",
  "--ignore-scripts",
  pack(ownPackages()[0]!, consumer.folder),
]);
for (const { id } of [vitest, fakeTimers]) {
  const link = join(consumer.folder, "node_modules", id);
  await mkdir(dirname(link), { recursive: true });
  await symlink(folderOf({ id }), link, "junction");
}

function suite(name: string): Promise<string> {
  return readFile(new URL(`./suites/${name}`, import.meta.url), "utf8");
}

/** How many tests a suite has, so that none can get lost. */
function count(text: string): number {
  return text.match(/^test\(/gm)?.length ?? 0;
}

const plain = count(await suite("plain.mjs"));

/** Jest and Vitest write the same of a run. */
const REPORT = "report.json";

async function assertPassed(expected: number): Promise<void> {
  const report = join(consumer.folder, REPORT);
  const { numPassedTests, numTotalTests } = JSON.parse(
    await readFile(report, "utf8"),
  );
  assertEquals([numPassedTests, numTotalTests], [expected, expected]);
}

/** Runs test files in Jest, which loads modules by a flag of Node only. */
function runJest(node: Tool, pattern: string): Promise<string> {
  return consumer.run(programOf(node), [
    "--experimental-vm-modules",
    programOf(jest),
    "--json",
    `--outputFile=${REPORT}`,
    `--testMatch=**/${pattern}`,
  ]);
}

for (const node of [node20, node24]) {
  test(`the package for npm passes plain tests in ${jest.title} on ${node.title}`, async () => {
    await runJest(node, "esm/*.test.mjs");
    await assertPassed(plain);
  });
}

test(`${jest.title} can require() the package on ${node24.title}`, async () => {
  await runJest(node24, "cjs/*.test.cjs");
  await assertPassed(1);
});

for (const node of [node22, node24]) {
  test(`the package for npm passes plain tests in ${vitest.title} on ${node.title}`, async () => {
    await consumer.run(programOf(node), [
      programOf(vitest),
      "run",
      "--globals",
      "--dir=esm",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${REPORT}`,
    ]);
    await assertPassed(plain);
  });
}

for (const node of [node20, node22, node24]) {
  test(`the package for npm works with --frozen-intrinsics on ${node.title}`, async () => {
    const run = (...flags: string[]) =>
      consumer.run(programOf(node), [...flags, "frozen.mjs"], { code: 1 });
    const output = await run("--frozen-intrinsics");
    const expected = await run();
    assertMatch(expected, /\nvirtual: 3600000\n$/);
    assertEquals(output, expected);
  });

  test(`time limits work under replaced timers on ${node.title}`, async () => {
    const output = await consumer.run(programOf(node), ["mock_timers.mjs"]);
    assertEquals(output, "all passed\n");
  });
}
