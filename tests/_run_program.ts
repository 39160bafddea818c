import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** What a program left behind. */
export interface Finished {
  code: number;
  stdout: string;
  stderr: string;
}

/** Options of {@linkcode runProgram}. */
export interface RunProgramOptions {
  args?: readonly string[];
  /** Added to the environment. */
  env?: Readonly<Record<string, string>>;
}

/** What resolves the workspace's names in the program as in the tests. */
export const runtimeArgs: readonly string[] = "Deno" in globalThis
  ? ["run", "--allow-all", "--quiet"]
  : "Bun" in globalThis
  ? ["--preload", hook("bun_hook.ts")]
  : ["--import", hook("node_hook.ts")];

function hook(name: string): string {
  return fileURLToPath(new URL(`../tools/${name}`, import.meta.url));
}

/**
 * Runs a program of this repository to its end, with the runtime of the tests
 * and with pipes for its output.
 *
 * @param path Relative to the root of the repository.
 */
export function runProgram(
  path: string,
  { args = [], env = {} }: RunProgramOptions = {},
): Promise<Finished> {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [...runtimeArgs, file, ...args],
      { env: { ...process.env, ...env }, timeout: 60_000 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code;
        if (typeof code === "number") resolve({ code, stdout, stderr });
        else reject(error);
      },
    );
  });
}
