import { optionsOf } from "../core/options.ts";
import {
  callable,
  duration,
  flag,
  time,
  unexpected,
} from "../core/validate.ts";
import { type AliveReport, formatAlive } from "./alive.ts";
import { formatSignal, type SignalNotice } from "./signal_notice.ts";
import { signalNames } from "./signal_numbers.ts";
import { formatStuck, type StuckReport } from "./stuck.ts";

/** Options of {@linkcode run}. */
export interface RunOptions {
  /**
   * The signals of the operating system that end the program.
   * Default: `["SIGINT", "SIGTERM"]`.
   */
  signals?: readonly string[] | undefined;
  /**
   * How long the program may go on after the first signal, to finish what it
   * has begun, in milliseconds. Default: 5000 if the program has asked for
   * `context.shutdown`, else 0: who doesn't hear of a shutdown has nothing to
   * finish.
   */
  drain?: number | undefined;
  /**
   * How long tasks may take for their cleanup once they are cancelled, in
   * milliseconds. Default: 5000.
   */
  grace?: number | undefined;
  /**
   * The exit code of a shutdown that was clean: a signal came, and every task
   * ended in its time and without a failure. A number from 0 to 255, or a
   * function of the signal. Default: 128 and the signal's number, so 130 for
   * SIGINT and 143 for SIGTERM; a shutdown that was not clean keeps that code.
   */
  exitCode?: number | ((signal: string) => number) | undefined;
  /**
   * Is told of the first and of the second signal. The default prints a line
   * to `console.error`: what happens now, and what is still running.
   */
  onSignal?: ((notice: SignalNotice) => void) | undefined;
  /**
   * Is told which tasks didn't end, before the program exits. The default
   * prints the report to `console.error`.
   */
  onStuck?: ((report: StuckReport) => void) | undefined;
  /**
   * Is told what holds the process if it is still alive `grace` milliseconds
   * after the end of the program. The default prints a line to
   * `console.error`. Waiting for this doesn't hold the process.
   */
  onAlive?: ((report: AliveReport) => void) | undefined;
  /**
   * Whether tasks remember where they were created and where they wait, for
   * the report of the stuck. It costs some microseconds for each task.
   * Default: `true`.
   */
  diagnostics?: boolean | undefined;
}

/** The options, with their defaults. */
export interface Plan {
  readonly signals: readonly string[];
  /** `undefined`: it depends on whether the program asks for `shutdown`. */
  readonly drain: number | undefined;
  readonly grace: number;
  /** `undefined`: 128 and the number of the signal. */
  readonly exitCode: ((signal: string) => number) | undefined;
  readonly onSignal: (notice: SignalNotice) => void;
  readonly onStuck: (report: StuckReport) => void;
  readonly onAlive: (report: AliveReport) => void;
  readonly diagnostics: boolean;
}

const KNOWN: readonly (keyof RunOptions)[] = [
  "signals",
  "drain",
  "grace",
  "exitCode",
  "onSignal",
  "onStuck",
  "onAlive",
  "diagnostics",
];

/** An exit code, or an error that shows what came instead. */
function checkedCode(value: unknown): number {
  if (typeof value !== "number") {
    throw unexpected("use exitCode", "a number or a function", value);
  }
  if (Number.isInteger(value) && value >= 0 && value <= 255) return value;
  throw unexpected(
    "use exitCode",
    "a whole number from 0 to 255",
    value,
    RangeError,
  );
}

function chosenCode(
  value: RunOptions["exitCode"],
): ((signal: string) => number) | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "function") {
    return (signal) => checkedCode(value(signal));
  }
  const code = checkedCode(value);
  return () => code;
}

/** Checks the options of `run()`. */
export function planOf(options: RunOptions | undefined): Plan {
  const {
    signals = ["SIGINT", "SIGTERM"],
    drain,
    grace = 5000,
    exitCode,
    onSignal = (notice: SignalNotice) => console.error(formatSignal(notice)),
    onStuck = (report: StuckReport) => console.error(formatStuck(report)),
    onAlive = (report: AliveReport) => console.error(formatAlive(report)),
    diagnostics = true,
  } = optionsOf<RunOptions>(options, "run()", KNOWN);
  const names = signalNames(signals);
  callable(onSignal, "onSignal");
  callable(onStuck, "onStuck");
  callable(onAlive, "onAlive");
  flag(diagnostics, "diagnostics");
  return {
    signals: names,
    drain: drain === undefined ? undefined : time(drain, "drain"),
    grace: duration(grace, "grace"),
    exitCode: chosenCode(exitCode),
    onSignal,
    onStuck,
    onAlive,
    diagnostics,
  };
}
