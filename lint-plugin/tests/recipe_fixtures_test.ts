/** Every recipe over code that wasn't written for it: it ends, and it parses. */
import { assertEquals } from "@std/assert";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "../../tests/_harness.ts";
import { rewrite } from "../codemod.ts";
import { recipes } from "../recipes/mod.ts";

const definitions = Object.fromEntries(
  recipes.map(({ name, rule }) => [name, rule]),
);

for (const folder of ["fixtures", "../../tests"]) {
  const path = fileURLToPath(new URL(folder, import.meta.url));
  test(`recipes have nothing to do the second time in ${folder}`, async () => {
    const files = readdirSync(path).filter((name) => /\.tsx?$/.test(name));
    let edits = 0;
    for (const filename of files) {
      const text = readFileSync(`${path}/${filename}`, "utf8");
      const options = { definitions, risk: "review", filename } as const;
      const first = await rewrite(text, options);
      if (first.status !== "parsed") throw new Error(first.problem.message);
      assertEquals(first.dropped, [], filename);
      edits += first.applied.length;
      if (first.applied.length === 0) continue;
      const second = await rewrite(first.output, options);
      assertEquals(
        second.status === "parsed" && second.applied,
        [],
        filename,
      );
    }
    assertEquals(edits > 0, true);
  });
}
