/** A program prints the same lines before a recipe and after it. */
import { assertEquals, assertNotEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { recipes } from "../recipes/mod.ts";
import { rewriteBy } from "./_recipe.ts";
import { PROGRAMS } from "./_recipe_programs.ts";

const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));

async function deno(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  const [out, error] = [stdout, stderr].map((each) => decoder.decode(each));
  assertEquals(code, 0, `${out}${error}`);
  return out ?? "";
}

async function inFolder(body: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir({ prefix: "mdc-recipe-" });
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const { name } of recipes) {
  Deno.test(`a program prints the same before and after ${name}`, async () => {
    const before = PROGRAMS[name] ?? "";
    const { after, left } = await rewriteBy(name, before);
    assertNotEquals(after, before);
    assertEquals(left, []);
    await inFolder(async (folder) => {
      const outputs: string[] = [];
      for (const [file, text] of [["a.ts", before], ["b.ts", after]] as const) {
        const path = join(folder, file);
        await Deno.writeTextFile(path, text);
        outputs.push(
          await deno("run", "-A", "--no-check", "--config", CONFIG, path),
        );
      }
      assertNotEquals(outputs[0], "");
      assertEquals(outputs[1], outputs[0], after);
    });
  });
}

Deno.test("what recipes write has the types that it needs", async () => {
  await inFolder(async (folder) => {
    const paths: string[] = [];
    for (const { name } of recipes) {
      const { after } = await rewriteBy(name, PROGRAMS[name] ?? "");
      const path = join(folder, `${name}.ts`);
      await Deno.writeTextFile(path, after);
      paths.push(path);
    }
    await deno("check", "--quiet", "--config", CONFIG, ...paths);
  });
});
