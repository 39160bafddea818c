import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The folder that everything else is relative to. */
export const root: string = fileURLToPath(new URL("..", import.meta.url));

/** A package of the workspace. */
export interface Package {
  name: string;
  /** Relative to the root. */
  folder: string;
  /** The modules that it exports, relative to the root, by specifier. */
  entries: Record<string, string>;
}

/** What is used of a `deno.json`. */
export interface Config {
  name: string;
  version: string;
  exports: Record<string, string>;
  imports?: Record<string, string>;
  workspace?: string[];
  links?: string[];
}

/** The workspace's own packages, which get published; the root first. */
export function ownPackages(): Package[] {
  const { workspace = [] } = readConfig(".");
  return [".", ...workspace].map(readPackage);
}

/**
 * The URL of each module that an own package or a stand-in of deno.json's
 * `links` exports, by its specifier.
 */
export function workspaceEntries(): Map<string, string> {
  const { links = [] } = readConfig(".");
  return new Map(
    [...ownPackages(), ...links.map(readPackage)]
      .flatMap(({ entries }) => Object.entries(entries))
      .map(([name, path]) => [name, pathToFileURL(join(root, path)).href]),
  );
}

function readPackage(folder: string): Package {
  const { name, exports } = readConfig(folder);
  const entries: Record<string, string> = {};
  for (const [key, path] of Object.entries(exports)) {
    entries[join(name, key)] = join(folder, path);
  }
  return { name, folder, entries };
}

/** The `deno.json` of a folder, which is relative to the root. */
export function readConfig(folder: string): Config {
  const text = readFileSync(join(root, folder, "deno.json"), "utf8");
  // Comments stand on lines of their own; a JSON string has no line break.
  return JSON.parse(text.replaceAll(/^\s*\/\/.*$/gm, ""));
}
