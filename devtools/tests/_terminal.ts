import { execFile } from "node:child_process";
import process from "node:process";
import { runtimeArgs } from "../../tests/_run_program.ts";
import { Screen } from "./_screen.ts";

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Runs a program in a pseudo terminal, and shows what that shows. */
export function inTerminal(
  program: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<{ code: number; screen: Screen }> {
  const command = [process.execPath, ...runtimeArgs, program, ...args];
  const shell = `stty cols 70 rows 20; exec ${command.map(quoted).join(" ")}`;
  // Neither what the gate runs in nor what it is told may matter.
  const { CI: _ci, NO_COLOR: _no, FORCE_COLOR: _force, ...rest } = process.env;
  return new Promise((resolve) => {
    execFile(
      "script",
      ["--quiet", "--return", "--command", shell, "/dev/null"],
      { env: { ...rest, TERM: "xterm", ...env }, timeout: 60_000 },
      (error, stdout) => {
        const screen = new Screen(70, 20);
        // What errors are told with isn't of interest here.
        // deno-lint-ignore no-control-regex
        screen.write(stdout.replaceAll(/\u001b\[[\d;]*m|\r(?=\n)/g, ""));
        resolve({ code: Number(error?.code ?? 0), screen });
      },
    );
  });
}
