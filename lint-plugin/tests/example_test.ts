import { assertEquals } from "@std/assert";
import { join } from "node:path";
import plugin from "../mod.ts";
import { PLUGIN } from "../scripts/build.ts";
import { lintWithEslint } from "../scripts/hosts.ts";

const EXAMPLE = join(PLUGIN, "..", "examples", "lint");

Deno.test("examples/lint has one defect for each rule of tier 1", async () => {
  const found = await lintWithEslint(join(EXAMPLE, "defects"));
  const expected = Object.entries(plugin.rules)
    .filter(([, { meta }]) => meta.docs.tier === 1)
    .map(([rule]) => `${rule.replaceAll("-", "_")}.ts mdc/${rule}`);
  assertEquals(found.map((each) => each.replace(/:\d+/, "")), expected);
});

Deno.test("examples/lint has no defect in the corrected twins", async () => {
  assertEquals(await lintWithEslint(join(EXAMPLE, "fixed")), []);
});
