import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A package of the workspace, or one that `links` puts in a name's place. */
export interface Package {
  name: string;
  /** Relative to the root. */
  folder: string;
  /** The modules that it exports, relative to the root, by specifier. */
  entries: Record<string, string>;
}

interface Config {
  name: string;
  exports: Record<string, string>;
  workspace?: string[];
  links?: string[];
}

/** The workspace's own packages: what gets published, the root first. */
export function ownPackages(root: string): Package[] {
  const { workspace = [] } = readConfig(root, ".");
  return [".", ...workspace].map((folder) => readPackage(root, folder));
}

/** The stand-ins of deno.json's `links`. */
export function linkedPackages(root: string): Package[] {
  const { links = [] } = readConfig(root, ".");
  return links.map((folder) => readPackage(root, folder));
}

function readPackage(root: string, folder: string): Package {
  const { name, exports } = readConfig(root, folder);
  const entries: Record<string, string> = {};
  for (const [key, path] of Object.entries(exports)) {
    entries[join(name, key)] = join(folder, path);
  }
  return { name, folder, entries };
}

function readConfig(root: string, folder: string): Config {
  const text = readFileSync(join(root, folder, "deno.json"), "utf8");
  // Comments stand on lines of their own; a JSON string has no line break.
  return JSON.parse(text.replaceAll(/^\s*\/\/.*$/gm, ""));
}
