/** Two copies of the library in one process, the second in another folder. */
import { assert, assertEquals, assertNotStrictEquals } from "@std/assert";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as own from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";
import { cases, runCase } from "./e2e/suites/copies.mjs";

/** Loads the library once more, from files that are gone afterwards. */
async function loadCopy(): Promise<typeof own> {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), "mdc-copy-"));
  try {
    for (const name of ["mod.ts", "src"]) {
      await cp(join(root, name), join(folder, name), { recursive: true });
    }
    return await import(pathToFileURL(join(folder, "mod.ts")).href);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const copy = await loadCopy();

test("the copy is another one", () => {
  assertNotStrictEquals(copy.createTask, own.createTask);
  assert(Object.keys(cases).length > 0);
});

test("the virtual clock of one is the clock of both copies", async () => {
  await withVirtualClock(async (clock) => {
    await copy.sleep(3_600_000);
    assertEquals(clock.now, 3_600_000);
    assertEquals(copy.currentTime(), own.currentTime());
  });
});

for (const title of Object.keys(cases)) {
  test(`between two copies, ${title}`, () => runCase(title, own, copy));
  test(`between two copies, the other way round, ${title}`, () =>
    runCase(title, copy, own));
}
