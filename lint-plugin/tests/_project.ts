import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { main, type MainOptions } from "../codemod.ts";

/** A function that drops a promise, which has one edit. */
export const WRONG = `async function save(): Promise<void> {}

export async function end(): Promise<void> {
  save();
}
`;

/** The same after the edit. */
export const RIGHT: string = WRONG.replace("  save", "  await save");

/** A folder with sources, and what the command says about it. */
export interface Project {
  readonly folder: string;
  write(name: string, text: string | Uint8Array): Promise<void>;
  read(name: string): Promise<string>;
  run(
    args: readonly string[],
    options?: Pick<MainOptions, "decide"> & { readonly isColored?: boolean },
  ): Promise<{ code: number; out: string; error: string }>;
}

/** Runs a body with a project that exists as long as the body runs. */
export async function withProject(
  body: (project: Project) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "mdc-codemod-"));
  try {
    await body({
      folder,
      write: (name, text) => writeFile(join(folder, name), text),
      read: (name) => readFile(join(folder, name), "utf8"),
      async run(args, { decide, isColored = false } = {}) {
        let out = "";
        let error = "";
        const code = await main(args, {
          cwd: folder,
          terminal: {
            out: (text) => void (out += text),
            error: (text) => void (error += text),
            isColored,
            isInteractive: false,
            showsProgress: false,
          },
          ...(decide && { decide }),
        });
        return { code, out, error };
      },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The arguments with which this runtime runs a module of this folder. */
export function argumentsFor(module: string): string[] {
  const options = "Deno" in globalThis ? ["run", "--allow-all", "--quiet"] : [];
  return [...options, fileURLToPath(new URL(module, import.meta.url))];
}
