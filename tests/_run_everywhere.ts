/**
 * Whole programs, which are sent signals, with each runtime that is around: the
 * one of the tests, and under Deno a Node that runs TypeScript as it is: the one
 * of the matrix, if that has been installed, or the machine's.
 *
 * @module
 */
import { spawn, spawnSync } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { programOf, runtimes as tools } from "../tools/runtimes.ts";

/** What runs a program. */
export interface Runtime {
  name: string;
  command: string;
  args: readonly string[];
  /** The arguments that run a file of tests. */
  testArgs: readonly string[];
}

/** How a program ended. */
export interface Ended {
  /** The name of the runtime, for messages. */
  runtime: string;
  code: number | null;
  lines: string[];
  stderr: string;
}

/** Node runs TypeScript without flags from here on. */
const OLDEST_NODE = [22, 18];

const NODE_TEST = "Bun" in globalThis ? ["test"] : ["--test-reporter=spec"];

function isNewEnough(version: string): boolean {
  const [, major = 0, minor = 0] = (/^v(\d+)\.(\d+)/.exec(version) ?? [])
    .map(Number);
  const [least = 0, then = 0] = OLDEST_NODE;
  return major > least || (major === least && minor >= then);
}

function nodes(): Runtime[] {
  const command = [programOf(tools.node24), "node24", "node"].find(
    (command) => {
      const { stdout } = spawnSync(command, ["--version"], {
        encoding: "utf8",
      });
      return isNewEnough(stdout ?? "");
    },
  );
  return command === undefined
    ? []
    : [{ name: "Node", command, args: [], testArgs: NODE_TEST }];
}

/** The runtimes that programs are run with. */
export const runtimes: readonly Runtime[] = "Deno" in globalThis
  ? [
    {
      name: "Deno",
      command: process.execPath,
      args: ["run", "--allow-all", "--quiet", "--no-check"],
      testArgs: ["test", "--allow-all", "--quiet", "--no-check"],
    },
    ...nodes(),
  ]
  : [{
    name: "this runtime",
    command: process.execPath,
    args: [],
    testArgs: NODE_TEST,
  }];

/** A line of output, and the signal that is sent when it is printed. */
export type Script = Readonly<Record<string, "SIGHUP" | "SIGINT" | "SIGTERM">>;

function runWith(
  { name, command }: Runtime,
  args: readonly string[],
  program: string,
  script: Script = {},
): Promise<Ended> {
  const file = fileURLToPath(new URL(`programs/${program}`, import.meta.url));
  const child = spawn(command, [...args, file], {
    env: { ...process.env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 30_000,
    killSignal: "SIGKILL",
  });
  const lines: string[] = [];
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => stderr += text);
  createInterface(child.stdout).on("line", (line) => {
    lines.push(line);
    // child.kill() of Deno takes the child for killed, whatever it does.
    if (line in script) process.kill(child.pid!, script[line]);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on(
      "close",
      (code) => resolve({ runtime: name, code, lines, stderr }),
    );
  });
}

/** Runs a program of tests/programs/ with each runtime and gives each end. */
export async function runEverywhere(
  program: string,
  script: Script = {},
): Promise<Ended[]> {
  return await Promise.all(
    runtimes.map((runtime) => runWith(runtime, runtime.args, program, script)),
  );
}

/** Runs a file of tests of tests/programs/ with each runtime's own runner. */
export async function runTests(program: string): Promise<Ended[]> {
  return await Promise.all(
    runtimes.map((runtime) => runWith(runtime, runtime.testArgs, program)),
  );
}
