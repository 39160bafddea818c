import { readFile } from "node:fs/promises";

/** Reads the settings; other parts of the program wait for `ready`. */
export async function loadSettings(
  path: string,
  ready: { set(): void },
): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } finally {
    ready.set();
  }
}
