import process from "node:process";
import type { OutputStream } from "./output_stream.ts";

/** How progress is shown. */
export interface Look {
  /** Whether bars move; otherwise there are lines. */
  readonly live: boolean;
  readonly colour: boolean;
}

function variable(name: string): string {
  try {
    return process.env[name] ?? "";
  } catch {
    return ""; // Deno without the permission to read it.
  }
}

/** Whether a variable is set to anything but a no. */
function says(name: string): boolean {
  return !["", "0", "false"].includes(variable(name));
}

/** What the terminal and the environment ask for. */
export function lookFor(stream: OutputStream, live?: boolean): Look {
  const terminal = stream.isTTY === true && variable("TERM") !== "dumb";
  const colour = variable("FORCE_COLOR") !== ""
    ? says("FORCE_COLOR")
    : variable("NO_COLOR") === "" && terminal;
  return { live: live ?? (terminal && !says("CI")), colour };
}
