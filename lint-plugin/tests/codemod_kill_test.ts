/** Killed at any moment, the code mod leaves every file old or new. */
import { assertEquals, assertGreater } from "@std/assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { test } from "../../tests/_harness.ts";
import { removeLeftovers } from "../codemod/replace_file.ts";
import { RIGHT, WRONG } from "./_project.ts";

const FILES = 40;
const KILLS = 8;

const writer = fileURLToPath(new URL("_replace_many.ts", import.meta.url));

// Long enough that writing takes more than one system call would show at once.
const OLD = WRONG + "// old\n".repeat(20_000);
const NEW = RIGHT + "// new\n".repeat(30_000);

test("replaceFile() leaves every file old or new when the process is killed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mdc-codemod-kill-"));
  const content = `${folder}.new`;
  const names = Array.from({ length: FILES }, (_, index) => `${index}.ts`);
  try {
    await writeFile(content, NEW);
    let partly = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      for (const name of names) await writeFile(join(folder, name), OLD);
      const code = spawn(
        process.execPath,
        [...runtimeArguments(), writer, folder, content],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      let replaced = 0;
      code.stdout.on("data", (data: Uint8Array) => {
        replaced += data.length;
        // Each time at another place in the work on a file.
        if (replaced > kill * 4) {
          setTimeout(() => code.kill("SIGKILL"), kill % 4);
        }
      });
      await once(code, "close");
      let isNew = 0;
      for (const name of names) {
        const text = await readFile(join(folder, name), "utf8");
        assertEquals(text === OLD || text === NEW, true, name);
        if (text === NEW) isNew++;
      }
      if (isNew > 0 && isNew < FILES) partly++;
    }
    // Else it would have been killed before or after the work.
    assertGreater(partly, 0);
    await removeLeftovers(folder);
    assertEquals((await readdir(folder)).sort(), names.toSorted());
  } finally {
    await rm(folder, { recursive: true });
    await rm(content, { force: true });
  }
});

function runtimeArguments(): string[] {
  return "Deno" in globalThis ? ["run", "--allow-all", "--quiet"] : [];
}
