import { globby } from "globby";
import { stat } from "node:fs/promises";
import { resolve, sep } from "node:path";

const SOURCES = "**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}";

/** Never looked into, unless a path leads there by name. */
const IGNORED = ["**/node_modules/**", "**/dist/**", "**/.git/**"];

/** Says that a path or glob leads to no file. */
export class NoFilesError extends Error {
  /** `"NoFilesError"`. */
  override readonly name = "NoFilesError";
}

/**
 * The absolute paths of the files that paths and globs lead to, in order.
 *
 * A folder stands for the sources below it. What `.gitignore` files exclude is
 * left out, and so are links to folders; a file that is named is taken as it is.
 *
 * @throws {NoFilesError} for a path or glob without any file
 */
export async function findFiles(
  patterns: readonly string[],
  cwd: string,
): Promise<string[]> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    const files = await filesOf(pattern, cwd);
    if (files.length === 0) {
      throw new NoFilesError(`Cannot find files: received "${pattern}"`);
    }
    for (const file of files) found.add(file);
  }
  return [...found].sort();
}

async function filesOf(pattern: string, cwd: string): Promise<string[]> {
  const path = resolve(cwd, pattern);
  const entry = await stat(path).catch(() => undefined);
  if (entry?.isFile()) return [path];
  const options = {
    absolute: true,
    dot: true,
    gitignore: true,
    ignore: IGNORED,
    followSymbolicLinks: false,
  };
  const files = entry?.isDirectory()
    ? await globby(SOURCES, { ...options, cwd: path })
    : await globby(pattern.split(sep).join("/"), { ...options, cwd });
  return files.map((file) => resolve(file));
}
