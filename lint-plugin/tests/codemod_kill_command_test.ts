/** The command itself, killed while it writes, and run again. */
import { assertEquals, assertGreater } from "@std/assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { test } from "../../tests/_harness.ts";
import { main } from "../codemod.ts";
import { RIGHT, WRONG } from "./_project.ts";

const FILES = 60;

const command = fileURLToPath(new URL("_run_codemod.ts", import.meta.url));

test("mdc-codemod --write leaves every file old or new when it is killed, and goes on when run again", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mdc-codemod-kill-"));
  const names = Array.from({ length: FILES }, (_, index) => `${index}.ts`);
  try {
    for (const name of names) await writeFile(join(folder, name), WRONG);
    // A run goes on where the one before it was killed; with few files left it
    // could end before the signal comes.
    let killed = 0;
    for (let left = FILES; left > FILES / 3 && killed < 3;) {
      await killWhileWriting(folder);
      killed++;
      const texts = await Promise.all(
        names.map((name) => readFile(join(folder, name), "utf8")),
      );
      assertEquals(
        texts.filter((each) => each !== WRONG && each !== RIGHT),
        [],
      );
      left = texts.filter((each) => each === WRONG).length;
    }
    assertGreater(killed, 0);
    const quiet = {
      out() {},
      error() {},
      isColored: false,
      isInteractive: false,
      showsProgress: false,
    };
    const code = await main(["--write"], { cwd: folder, terminal: quiet });
    assertEquals(code, 0);
    for (const name of names) {
      assertEquals(await readFile(join(folder, name), "utf8"), RIGHT);
    }
    assertEquals((await readdir(folder)).sort(), names.toSorted());
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** Starts the command, and kills it at the first sign of a write. */
async function killWhileWriting(folder: string): Promise<void> {
  const deno = "Deno" in globalThis ? ["run", "--allow-all", "--quiet"] : [];
  const args = [...deno, command, "--write", folder];
  const watcher = watch(folder);
  try {
    const child = spawn(process.execPath, args, { stdio: "ignore" });
    watcher.on("change", () => child.kill("SIGKILL"));
    const [, signal] = await once(child, "close");
    assertEquals(signal, "SIGKILL");
  } finally {
    watcher.close();
  }
}
