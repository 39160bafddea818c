import { constants } from "node:os";
import { assertEquals } from "@std/assert";
import { signalNames, signalNumber } from "../src/run/signal_numbers.ts";
import { test } from "./_harness.ts";
import { program } from "./_run_programs.ts";

test("run() knows the signals of this system by their numbers", () => {
  const signals = Object.entries(constants.signals)
    .filter(([name]) => name !== "SIGUNUSED" && name !== "SIGLOST");
  for (const [name, number] of signals) {
    assertEquals(signalNumber(name), number, name);
  }
});

test("run() numbers signals as each system does", () => {
  assertEquals(signalNumber("SIGUSR2", "linux"), 12);
  assertEquals(signalNumber("SIGUSR2", "darwin"), 31);
  assertEquals(signalNumber("SIGBREAK", "win32"), 21);
  assertEquals(signalNumber("SIGHUP", undefined), 1);
});

test("run() listens once to a signal that is named twice", () => {
  assertEquals(signalNames(["SIGHUP", "SIGINT", "SIGHUP"]), [
    "SIGHUP",
    "SIGINT",
  ]);
});

program(
  "run() exits with 128 and the number of the signal, also if the signal is named twice",
  "run_exit_129_on_sighup.ts",
  { ready: "SIGHUP" },
  ["ready"],
);

program(
  "run() keeps the exit code when onSignal and onStuck throw, and prints their errors and the report",
  "run_exit_143_when_hooks_throw.ts",
  { ready: "SIGTERM" },
  ["ready"],
  /^The option onSignal of run\(\) threw:[^]*my notice is broken[^]*The option onStuck of run\(\) threw:[^]*my reporter is broken[^]*\n1 task has not ended/,
  { told: 0 },
);

program(
  "run() exits with the chosen code after a clean shutdown",
  "run_exit_0_chosen_for_a_clean_shutdown.ts",
  { ready: "SIGTERM" },
  ["ready", "drained"],
);

program(
  "run() exits with the chosen code when all that was cancelled has cleaned up",
  "run_exit_3_chosen_when_cancelled.ts",
  { ready: "SIGINT" },
  ["ready"],
);

program(
  "run() keeps 128+n when a failure was told, whatever code is chosen",
  "run_exit_143_chosen_only_when_clean.ts",
  { ready: "SIGTERM" },
  ["ready"],
  /^Task "save" failed and nobody looked at it:/,
);

program(
  "run() keeps 128+n when exitCode throws or gives no exit code",
  "run_exit_143_when_exitcode_throws.ts",
  { ready: "SIGTERM" },
  ["ready"],
  /^The option exitCode of run\(\) threw:[^]*received 256/,
);

program(
  "run() lets a program drain that has read context.shutdown, without being told",
  "run_exit_143_drains_who_reads_shutdown.ts",
  { ready: "SIGTERM" },
  ["ready", "saved"],
);

program(
  "run() tells onSignal of the first and the second signal, and what is still running",
  "run_exit_143_tells_onsignal.ts",
  { ready: "SIGINT", draining: "SIGTERM" },
  [
    "ready",
    "SIGINT drain 40000 2000 serve poller",
    'SIGINT: 40.0 s to finish, then 2.0 s to clean up; the next signal exits at once; running: "serve", "poller"',
    "draining",
    "SIGTERM exit 0 2000 serve poller",
    'SIGTERM again: the process exits at once; running: "serve", "poller"',
  ],
  /^$/,
  { told: 0 },
);

program(
  "run() leaves an exit code that the program has set",
  "run_exit_5_keeps_the_code_of_the_program.ts",
  {},
  [],
  /disk full/,
);

program(
  "run() lets cleanups end at a signal that comes when the program ends already",
  "run_exit_143_signal_while_it_ends.ts",
  { "cleaning up": "SIGTERM" },
  [
    "cleaning up",
    'SIGTERM: 5.0 s to clean up; the next signal exits at once; running: "server"',
    "cleaned up",
  ],
  /^$/,
  { told: 0 },
);
