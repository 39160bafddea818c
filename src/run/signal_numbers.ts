import { nearest } from "../core/options.ts";
import { show, unexpected } from "../core/validate.ts";
import { hostProcess } from "./host.ts";

/** The signals of the operating system, as most systems number them. */
const NUMBERS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGIOT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGSTKFLT: 16,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGURG: 23,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGWINCH: 28,
  SIGIO: 29,
  SIGPOLL: 29,
  SIGPWR: 30,
  SIGSYS: 31,
  SIGBREAK: 21,
  SIGEMT: 7,
  SIGINFO: 29,
};

const BSD: Readonly<Record<string, number>> = {
  SIGBUS: 10,
  SIGSYS: 12,
  SIGURG: 16,
  SIGSTOP: 17,
  SIGTSTP: 18,
  SIGCONT: 19,
  SIGCHLD: 20,
  SIGIO: 23,
  SIGUSR1: 30,
  SIGUSR2: 31,
};

/** Where a system numbers a signal in its own way. */
const OWN_NUMBERS: Readonly<
  Record<string, Readonly<Record<string, number>>>
> = {
  darwin: BSD,
  freebsd: BSD,
  openbsd: BSD,
  netbsd: BSD,
  win32: { SIGABRT: 22 },
};

/** Signals that a program can't hear, or can't go on after. */
const DEAF: readonly string[] = [
  "SIGKILL",
  "SIGSTOP",
  "SIGILL",
  "SIGFPE",
  "SIGSEGV",
];

/** What most programs listen to: the first that a wrong name may mean. */
const COMMON = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"];

/** The number of a known signal on a system: the one that runs it. */
export function signalNumber(
  signal: string,
  platform: string | undefined = hostProcess()?.platform,
): number {
  return OWN_NUMBERS[platform ?? ""]?.[signal] ?? NUMBERS[signal] as number;
}

/** What a shell reports of a program that a signal has ended. */
export function signalCode(signal: string): number {
  return 128 + signalNumber(signal);
}

/** The names of signals that a program can hear, each once; or a TypeError. */
export function signalNames(value: unknown): readonly string[] {
  if (!Array.isArray(value)) {
    throw unexpected("use signals", "an array of strings", value);
  }
  for (const name of value) {
    if (typeof name !== "string") {
      throw unexpected("use signals", "an array of strings", value);
    }
    if (!Object.hasOwn(NUMBERS, name)) {
      const meant = nearest(name, [...COMMON, ...Object.keys(NUMBERS)]);
      const known = `${COMMON.join(", ")} or the like`;
      const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
      throw new TypeError(
        `Cannot use signals: expected ${known}, received ${show(name)}${hint}`,
      );
    }
    if (DEAF.includes(name)) {
      throw new TypeError(
        `Cannot use signals: no program can go on after ${name}, received ${
          show(name)
        }`,
      );
    }
  }
  return [...new Set(value as string[])];
}
