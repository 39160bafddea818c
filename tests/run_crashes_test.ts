import { program } from "./_run_programs.ts";

program(
  "run() cancels the program at an exception in a timer, runs its cleanups, prints each error, and exits with 1",
  "run_exit_1_exception_in_a_timer.ts",
  {},
  [
    "cancelled by shutdown: nobody caught an exception",
    "shutdown: true",
    "cleaned up",
  ],
  /^Nobody caught an exception, the program ends: [^]*RangeError: timer is broken\n[^]*RangeError: cleanup is broken\n/,
);

program(
  "run() cancels the program at an exception in an event handler, too",
  "run_exit_1_exception_in_an_event_handler.ts",
  {},
  ["cleaned up"],
  /RangeError: handler is broken\n/,
);

program(
  "run() cancels the program at a rejection that nobody handles, too",
  "run_exit_1_rejection_that_nobody_handles.ts",
  {},
  ["cleaned up"],
  /^Nobody handled a rejection, the program ends: [^]*RangeError: lost\n/,
);

program(
  "run() goes on when a cancellation is rejected that nobody handles",
  "run_exit_0_cancellation_that_nobody_handles.ts",
  {},
  ["still running"],
);

program(
  "run() takes an abort error that nobody handles for a cancellation when everything is cancelled",
  "run_exit_143_abort_that_nobody_handles.ts",
  { ready: "SIGTERM" },
  ["ready", "cleaned up"],
);

program(
  "run() takes an abort error that nobody handles for a failure as long as the program runs",
  "run_exit_1_abort_of_the_programs_own.ts",
  {},
  ["cleaned up"],
  /^Nobody handled a rejection, the program ends: (?=[^]*AbortError)[^]*not ours/,
);
