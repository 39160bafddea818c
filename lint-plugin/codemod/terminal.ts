import process from "node:process";
import picocolors from "picocolors";

/** Where the command writes to. */
export interface Terminal {
  /** For the report. */
  out(text: string): void;
  /** For what is not the report. */
  error(text: string): void;
  /** Whether the report is read on a screen with colours. */
  readonly isColored: boolean;
  /** Whether a person can answer. */
  readonly isInteractive: boolean;
  /** Whether a person can see what goes on. */
  readonly showsProgress: boolean;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  return {
    out: (text) => void stdout.write(text),
    error: (text) => void stderr.write(text),
    isColored: picocolors.isColorSupported &&
      (stdout.isTTY || "FORCE_COLOR" in process.env),
    isInteractive: stdin.isTTY && stdout.isTTY,
    showsProgress: stderr.isTTY,
  };
}
