/**
 * Installs what the matrix needs and the machine lacks: the runtimes and
 * compilers of `runtimes.ts` into `.tools`, and on Debian the browser and
 * pre-commit.
 *
 * @module
 */
import { execFileSync, spawnSync } from "node:child_process";
import process from "node:process";
import { findBrowser, findProgram } from "./find_program.ts";
import { missingTools, toolsFolder } from "./runtimes.ts";

const missing = missingTools();
if (missing.length > 0) {
  // --save, or the next install would remove what this one brought.
  const args = ["install", "--save-exact", "--ignore-scripts", "--no-audit"];
  twice("npm", [...args, "--no-fund", "--no-package-lock", ...missing], {
    cwd: toolsFolder(),
  });
}

const debian = [
  ...(findBrowser() === undefined ? ["chromium"] : []),
  ...(findProgram(["pre-commit"]) === undefined ? ["pre-commit"] : []),
];
if (debian.length > 0) {
  const sudo = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const [program = "", ...args] = [...sudo, "apt-get", "-qq"];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  twice(program, [...args, "update"], { env });
  const options = ["--yes", "--no-install-recommends"];
  twice(program, [...args, "install", ...options, ...debian], { env });
}

/** Runs a program that uses the network; once more if it fails. */
function twice(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv },
): void {
  const all = { ...options, stdio: "inherit" as const };
  if (spawnSync(program, args, all).status !== 0) {
    execFileSync(program, args, all);
  }
}
