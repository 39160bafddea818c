/** Killed at any moment, the code mod leaves every file old or new. */
import { assertEquals, assertGreater } from "@std/assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { readdir, rm, writeFile } from "node:fs/promises";
import process from "node:process";
import { test } from "../../tests/_harness.ts";
import { removeLeftovers } from "../codemod/replace_file.ts";
import { argumentsFor, RIGHT, withProject, WRONG } from "./_project.ts";

function namesOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${index}.ts`).sort();
}

// Long enough that writing takes more than one system call would show at once.
const OLD = WRONG + "// old\n".repeat(20_000);
const NEW = RIGHT + "// new\n".repeat(30_000);

test("replaceFile() leaves every file old or new when the process is killed", () =>
  withProject(async ({ folder, write, read }) => {
    const content = `${folder}.new`;
    const names = namesOf(40);
    try {
      await writeFile(content, NEW);
      let partly = 0;
      for (let kill = 0; kill < 8; kill++) {
        for (const name of names) await write(name, OLD);
        const writer = spawn(
          process.execPath,
          [...argumentsFor("_replace_many.ts"), folder, content],
          { stdio: ["ignore", "pipe", "inherit"] },
        );
        let replaced = 0;
        writer.stdout.on("data", (data: Uint8Array) => {
          replaced += data.length;
          // Each time at another place in the work on a file.
          if (replaced > kill * 4) {
            setTimeout(() => writer.kill("SIGKILL"), kill % 4);
          }
        });
        await once(writer, "close");
        const texts = await Promise.all(names.map(read));
        for (const [index, text] of texts.entries()) {
          assertEquals(text === OLD || text === NEW, true, names[index]);
        }
        const isNew = texts.filter((text) => text === NEW).length;
        if (isNew > 0 && isNew < names.length) partly++;
      }
      // Else it would have been killed before or after the work.
      assertGreater(partly, 0);
      await removeLeftovers(folder);
      assertEquals((await readdir(folder)).sort(), names);
    } finally {
      await rm(content, { force: true });
    }
  }));

test("mdc-codemod --write leaves every file old or new when it is killed, and goes on when run again", () =>
  withProject(async ({ folder, write, read, run }) => {
    const names = namesOf(60);
    for (const name of names) await write(name, WRONG);
    // A run goes on where the one before it was killed; with few files left it
    // could end before the signal comes.
    let killed = 0;
    for (let left = names.length; left > names.length / 3 && killed < 3;) {
      await killWhileWriting(folder);
      killed++;
      const texts = await Promise.all(names.map(read));
      assertEquals(
        texts.filter((each) => each !== WRONG && each !== RIGHT),
        [],
      );
      left = texts.filter((each) => each === WRONG).length;
    }
    assertGreater(killed, 0);
    assertEquals((await run(["--write"])).code, 0);
    for (const name of names) assertEquals(await read(name), RIGHT);
    assertEquals((await readdir(folder)).sort(), names);
  }));

/** Starts the command, and kills it at the first sign of a write. */
async function killWhileWriting(folder: string): Promise<void> {
  const args = [...argumentsFor("_run_codemod.ts"), "--write", folder];
  const watcher = watch(folder);
  try {
    const command = spawn(process.execPath, args, { stdio: "ignore" });
    watcher.on("change", () => command.kill("SIGKILL"));
    const [, signal] = await once(command, "close");
    assertEquals(signal, "SIGKILL");
  } finally {
    watcher.close();
  }
}
