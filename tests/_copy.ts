/** A second copy of the library, for tests of two in one process. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type * as own from "../mod.ts";

/** Loads the library once more, from files that are gone afterwards. */
export async function loadCopy(): Promise<typeof own> {
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
