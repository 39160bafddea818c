/** The plugin's own rules over their fixtures: done once, nothing is left. */
import { assertEquals, assertGreater } from "@std/assert";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "../../tests/_harness.ts";
import { rewrite } from "../codemod.ts";

const fixtures = new URL("fixtures/", import.meta.url);

for (const filename of readdirSync(fixtures)) {
  test(`rewrite() has nothing to do the second time in ${filename}`, async () => {
    const text = readFileSync(new URL(filename, fixtures), "utf8");
    const first = await rewrite(text, { filename, tier: 3 });
    if (first.status !== "parsed") throw new Error(first.problem.message);
    assertGreater(first.found.length, 0);
    assertEquals(first.dropped, []);
    const second = await rewrite(first.output, { filename, tier: 3 });
    if (second.status !== "parsed") throw new Error(second.problem.message);
    assertEquals(second.output, first.output);
    assertEquals(second.found, first.remaining);
  });
}
