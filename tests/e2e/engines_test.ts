/**
 * On which Node the packages for npm work, tried on both sides of the borders
 * that `engines` draws.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { pack } from "../../tools/pack.ts";
import { ENGINES } from "../../tools/package_facts.ts";
import { borders, programOf } from "../../tools/runtimes.ts";
import { ownPackages } from "../../tools/workspace.ts";
import { test } from "../_harness.ts";
import { makeConsumer, manifestOf, PRINTED, PROGRAM } from "./_consumer.ts";

const consumer = await makeConsumer();
const tarballs = ownPackages().map((each) => pack(each, consumer.folder));
await consumer.write({
  "package.json": '{ "private": true }\n',
  "import.mjs": PROGRAM,
  "require.cjs": required(PROGRAM),
});
await consumer.run("npm", [
  "install",
  "--no-audit",
  "--no-fund",
  "--ignore-scripts",
  tarballs[0]!,
]);

/** The same program, as CommonJS has it. */
function required(program: string): string {
  const body = program.replace(
    /import (\{[^}]*\}) from ("[^"]*");/g,
    "const $1 = require($2);",
  );
  return `void (async () => {${body}})();`;
}

for (const { oldest, before } of borders) {
  for (const file of ["import.mjs", "require.cjs"]) {
    test(`${file.replace(/\..*/, "")} of the package works on ${oldest.title}, the oldest of its line`, async () => {
      // Node 22 warns of the first require() of a module, up to 22.12.
      const args = ["--disable-warning=ExperimentalWarning", file];
      assertEquals(await consumer.run(programOf(oldest), args), PRINTED);
    });
  }

  test(`${before.title}, which engines refuses, can't require() the package`, async () => {
    await assertRejects(
      () => consumer.run(programOf(before), ["require.cjs"]),
      Error,
      "ERR_REQUIRE_ESM",
    );
  });
}

for (const [index, { name }] of ownPackages().entries()) {
  test(`engines of ${name} says the oldest Node of each line that was tried`, () => {
    const [twenty, later] = borders.map(({ oldest }) => oldest.version);
    const expected = { node: `^${twenty} || >=${later}` };
    assertEquals(manifestOf(tarballs[index]!).engines, expected);
    assertEquals(ENGINES, expected);
  });
}
