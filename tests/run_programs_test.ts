import { readdirSync, readFileSync } from "node:fs";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { test } from "./_harness.ts";
import { program } from "./_run_programs.ts";

const here = new URL(".", import.meta.url);

const programs = new URL("programs/", here);

// As whole programs

program(
  "run() ends a program with its value and exit code 0",
  "run_exit_0_with_the_value.ts",
  {},
  ["the value of main"],
);

program(
  "run() turns SIGINT into a cancellation of kind signal, waits for the cleanup, and exits with 130",
  "run_exit_130_on_sigint.ts",
  { ready: "SIGINT" },
  [
    "ready",
    "signal: SIGINT",
    "cancelled by a signal of the operating system: SIGINT",
    "cleaned up",
  ],
);

program(
  "run() lets the program drain at SIGTERM before anything is cancelled, and exits with 143",
  "run_exit_143_after_the_drain_on_sigterm.ts",
  { "job 2 begins": "SIGTERM" },
  [
    "ready",
    "job 1 begins",
    "job 1 is done",
    "job 2 begins",
    "job 2 is done",
    "cancelled: false",
  ],
);

program(
  "run() cancels what still runs when the drain is over",
  "run_exit_143_when_the_drain_is_over.ts",
  { ready: "SIGTERM" },
  ["ready", "draining", "cancelled: signal"],
);

program(
  "run() ends services after the ordinary tasks, the last one first, at a signal",
  "run_exit_143_in_the_order_of_services.ts",
  { ready: "SIGTERM" },
  [
    "ready",
    "request is asked to end",
    "request has ended",
    "server is asked to end",
    "server has ended",
    "database is asked to end",
    "database has ended",
  ],
);

program(
  "run() exits in bounded time and names every stuck task: name, age, place, last wait",
  "run_exit_143_names_the_stuck.ts",
  { ready: "SIGTERM" },
  ["ready"],
  new RegExp(
    [
      "^2 tasks have not ended within 100 ms after SIGTERM:",
      '  task "poller": \\d+ ms old, last wait: sleep\\(\\), \\d+ ms ago',
      "    created",
      "      at .*serve .*run_exit_143_names_the_stuck\\.ts:4:.*",
      '(?:.*\\n)*  task "legacy": \\d+ ms old, has not waited in this library',
      "    created",
      "      at .*serve .*run_exit_143_names_the_stuck\\.ts:8:",
    ].join("\\n"),
  ),
);

program(
  "run() gives the report of the stuck to onStuck, without diagnostics if there are none",
  "run_exit_143_tells_onstuck.ts",
  { ready: "SIGTERM" },
  ["ready", "SIGTERM 50 name,idlegacy"],
);

program(
  "run() names who is stuck when main has ended, and exits with 1",
  "run_exit_1_when_stuck_at_the_end.ts",
  {},
  ["main has ended"],
  /^1 task has not ended within 50 ms after the end of the program:\n {2}task "forgotten": /,
);

program(
  "run() exits with 1 when a task failed and nobody looked, and keeps main's value",
  "run_exit_1_unobserved_failure.ts",
  {},
  ["value"],
  /^Task "writer" failed and nobody looked at it:[^]*\b[Ee]rror: disk full\n/,
);

program(
  "run() leaves an error of main to its caller: not caught, it is exit code 1",
  "run_exit_1_when_main_throws.ts",
  {},
  [],
  /RangeError: main is broken/,
);

program(
  "run() reports what main throws after a signal, because its caller won't see it",
  "run_exit_130_reports_what_main_throws.ts",
  { ready: "SIGINT" },
  ["ready"],
  /^Task "serve" failed and nobody looked at it:[^]*\bRangeError: can't close\n/,
);

program(
  "run() exits at once at the second signal",
  "run_exit_143_second_signal_is_immediate.ts",
  { ready: "SIGINT", draining: "SIGTERM" },
  ["ready", "draining"],
);

program(
  "run() refuses to run inside of itself",
  "run_exit_0_refuses_a_nested_run.ts",
  {},
  [
    "InvalidStateError: Cannot run: a program is running already",
    "one after the other",
  ],
);

test("every program of run() is run by a test", () => {
  const files = readdirSync(programs).filter((name) => name.startsWith("run_"));
  const tests = readdirSync(here).filter((name) =>
    /^run_.*test\.ts$/.test(name)
  )
    .map((name) => readFileSync(new URL(name, here), "utf8")).join();
  assertEquals(files.filter((name) => !tests.includes(`"${name}"`)), []);
  assertStringIncludes(files.join(), "run_exit_143_names_the_stuck.ts");
});
