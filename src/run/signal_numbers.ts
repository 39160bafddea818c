import { didYouMean } from "../core/options.ts";
import { show, unexpected } from "../core/validate.ts";
import { hostProcess } from "./host.ts";

/** The signals of the operating system, from number 1 on, as Linux has them. */
const LINUX =
  "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS";

/** And as macOS and its kin have them. */
const BSD =
  "HUP INT QUIT ILL TRAP ABRT EMT FPE KILL BUS SEGV SYS PIPE ALRM TERM URG STOP TSTP CONT CHLD TTIN TTOU IO XCPU XFSZ VTALRM PROF WINCH INFO USR1 USR2";

/** Names for a signal that has another one, or that only one system has. */
const FURTHER: Readonly<Record<string, number>> = {
  SIGIOT: 6,
  SIGPOLL: 29,
  SIGBREAK: 21,
};

function table(names: string): Record<string, number> {
  const numbered = names.split(" ").map((name, i) => [`SIG${name}`, i + 1]);
  return Object.fromEntries(numbered);
}

/** Signals that a program can't hear, or can't go on after. */
const DEAF = ["SIGKILL", "SIGSTOP", "SIGILL", "SIGFPE", "SIGSEGV"];

/** What most programs listen to: the first that a wrong name may mean. */
const COMMON = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"];

/** The number of a signal on a system; `undefined` if no system knows it. */
export function signalNumber(
  signal: string,
  platform: string | undefined = hostProcess()?.platform,
): number | undefined {
  // The kin of BSD number in their own way.
  const tables = /darwin|bsd$/.test(platform ?? "")
    ? [LINUX, BSD]
    : [BSD, LINUX];
  const numbers = Object.assign({}, FURTHER, ...tables.map(table));
  return Object.hasOwn(numbers, signal) ? numbers[signal] : undefined;
}

/** What a shell reports of a program that a signal has ended. */
export function signalCode(signal: string): number {
  return 128 + (signalNumber(signal) as number);
}

function heard(value: string): string {
  const action = "use signals";
  if (DEAF.includes(value)) {
    throw unexpected(action, "signals that a program can go on after", value);
  }
  if (signalNumber(value) !== undefined) return value;
  const hint = didYouMean(value, [...COMMON, ...Object.keys(table(LINUX))]);
  throw new TypeError(
    `Cannot ${action}: expected ${COMMON.join(", ")} or the like, received ${
      show(value)
    }${hint}`,
  );
}

/** The names of signals that a program can hear, each once; or a TypeError. */
export function signalNames(value: unknown): readonly string[] {
  if (
    !Array.isArray(value) || !value.every((name) => typeof name === "string")
  ) {
    throw unexpected("use signals", "an array of strings", value);
  }
  return [...new Set(value.map(heard))];
}
