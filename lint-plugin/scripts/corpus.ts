/** A large body of code that others wrote: everything under `node_modules`. */
import { join } from "node:path";
import { PLUGIN, run } from "./build.ts";

const ROOT = join(PLUGIN, "..");
const EXTRA = join(ROOT, ".tools", "corpus");
// Sources and builds full of promises, signals and generators.
const PACKAGES = [
  "@tanstack/query-core@5.108.0",
  "@trpc/client@11.25.2",
  "@trpc/server@11.25.2",
  "effect@3.19.0",
  "rxjs@7.8.2",
  "undici@7.16.0",
  "zod@4.6.7",
];
const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx)$/;
// Bundles of compilers: minutes of parsing for nothing new.
const MAX_BYTES = 300_000;

/** The paths of all source files below `node_modules`, without duplicates. */
export async function getCorpus(): Promise<string[]> {
  await install();
  const files: string[] = [];
  const folders = [join(EXTRA, "node_modules"), join(ROOT, "node_modules")];
  for (const folder of folders) await collect(folder, files);
  return files;
}

async function install(): Promise<void> {
  const marker = join(EXTRA, "installed.json");
  const wanted = JSON.stringify(PACKAGES);
  const installed = await Deno.readTextFile(marker).catch(() => "");
  if (installed === wanted) return;
  await Deno.mkdir(EXTRA, { recursive: true });
  await run("npm", {
    args: [
      "install",
      "--prefix",
      EXTRA,
      "--no-save",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      ...PACKAGES,
    ],
  });
  await Deno.writeTextFile(marker, wanted);
}

// Deno's layout links packages to each other: links are not followed.
async function collect(folder: string, files: string[]): Promise<void> {
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) await collect(path, files);
    else if (entry.isFile && SOURCE.test(entry.name)) {
      const { size } = await Deno.stat(path);
      if (size <= MAX_BYTES) files.push(path);
    }
  }
}
