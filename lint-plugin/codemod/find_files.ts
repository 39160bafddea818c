import { globby } from "globby";
import { stat } from "node:fs/promises";
import { resolve, sep } from "node:path";

const SOURCES = "**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}";

/** Sources inside of another language, which need a parser of their own. */
const COMPONENTS = "**/*.{vue,svelte,astro}";

/** Never looked into, unless a path leads there by name. */
const IGNORED = [
  "**/node_modules/**",
  "**/dist/**",
  "**/.git/**",
  "**/.yarn/**",
];

/** Says that a path or glob leads to no file. */
export class NoFilesError extends Error {
  /** `"NoFilesError"`. */
  override readonly name = "NoFilesError";
}

/** Files that paths and globs lead to, absolute and in order. */
export interface FoundFiles {
  /** What is looked at. */
  readonly files: readonly string[];
  /** Those of them that were given by name. */
  readonly named: ReadonlySet<string>;
  /** Components below the folders, which only a config can read. */
  readonly components: readonly string[];
}

/**
 * The files that paths and globs lead to.
 *
 * A folder stands for the sources below it. What `.gitignore` files exclude is
 * left out, and so are links to folders and what matches a glob of `ignore`; a
 * file that is named is taken as it is.
 *
 * @throws {NoFilesError} for a path or glob without any file
 */
export async function findFiles(
  patterns: readonly string[],
  { cwd, ignore = [] }: {
    readonly cwd: string;
    readonly ignore?: readonly string[];
  },
): Promise<FoundFiles> {
  const files = new Set<string>();
  const named = new Set<string>();
  const components = new Set<string>();
  const options = {
    absolute: true,
    dot: true,
    gitignore: true,
    ignore: [...IGNORED, ...ignore.flatMap(atAnyDepth)],
    followSymbolicLinks: false,
  };
  for (const pattern of patterns) {
    const path = resolve(cwd, pattern);
    const entry = await stat(path).catch(() => undefined);
    if (entry?.isFile()) {
      files.add(path);
      named.add(path);
      continue;
    }
    const isFolder = entry?.isDirectory() === true;
    const found = isFolder
      ? await globby(SOURCES, { ...options, cwd: path })
      : await globby(pattern.split(sep).join("/"), { ...options, cwd });
    const parts = isFolder
      ? await globby(COMPONENTS, { ...options, cwd: path })
      : [];
    if (found.length + parts.length === 0) {
      throw new NoFilesError(`Cannot find files: received "${pattern}"`);
    }
    for (const file of found) files.add(resolve(file));
    for (const file of parts) components.add(resolve(file));
  }
  return {
    files: [...files].sort(),
    named,
    components: [...components].sort(),
  };
}

/** A glob, or a folder, wherever it lies. */
function atAnyDepth(pattern: string): string[] {
  const plain = pattern.split(sep).join("/").replace(/^(?:\.?\/)+|\/+$/g, "");
  return [`**/${plain}`, `**/${plain}/**`];
}

const PARSERS: { readonly [extension: string]: string } = {
  vue: "vue-eslint-parser",
  svelte: "svelte-eslint-parser",
  astro: "astro-eslint-parser",
};

/** What to install for a file of that name; undefined for plain sources. */
export function parserFor(path: string): string | undefined {
  const extension = /\.(vue|svelte|astro)$/.exec(path)?.[1];
  const parser = extension && PARSERS[extension];
  return parser
    ? `Cannot read .${extension} without its parser: npm install --save-dev ` +
      `${parser}, and name the ESLint config that uses it with --config`
    : undefined;
}
