import { program } from "./_run_programs.ts";

program(
  "run() says what holds the process of a finished program, and doesn't hold it",
  "run_exit_0_names_what_holds_the_process.ts",
  {},
  ["main has ended"],
  /^The program has ended, but 50 ms later its process is still held by (?:TCPServerWrap \(a server that listens\), Timeout \(a timer\)|something that the runtime doesn't name .+)\n$/,
);

program(
  "run() tells onAlive what holds the process, and survives when it throws",
  "run_exit_0_tells_onalive.ts",
  {},
  ["50 Timeout,Timeout"],
  /^The option onAlive of run\(\) threw:[^]*my reporter is broken/,
);

program(
  "run() exits with 1 for a failure that nobody looked at, whatever hook main has put in place",
  "run_exit_1_main_replaced_the_hook.ts",
  {},
  ["mine: writer"],
);

program(
  "run() tells of a task that fails in the cleanup that the end of the program asks for",
  "run_exit_1_failure_in_a_cleanup.ts",
  {},
  ["ended"],
  /^Task "writer" failed and nobody looked at it:[^]*RangeError: can't close\n/,
);

program(
  "run() tells of failures that a stuck task has not looked at",
  "run_exit_1_failure_under_a_stuck_task.ts",
  {},
  ["stuck"],
  /^Task "writer" failed[^]*Task "logger" failed/,
);

program(
  "run() names what the stuck wait for: tasks, circles of them, shields, and cancellations that were ignored",
  "run_exit_143_names_what_is_waited_for.ts",
  { ready: "SIGTERM" },
  ["ready"],
  new RegExp(
    [
      "^6 tasks have not ended within 200 ms after SIGTERM:",
      'task "left": \\d+ ms old, waits for task "right" since \\d+ ms',
      'task "right": \\d+ ms old, waits for task "left" since \\d+ ms',
      'task "parent": \\d+ ms old, waits for group "group-\\d+" since \\d+ ms',
      'task "child": \\d+ ms old, waits for task "parent" since \\d+ ms',
      'task "closer": .*in shield "shield-\\d+" for another 4\\.\\d s',
      'task "looper": .*has ignored its cancellation 15 times, last \\d+ ms ago',
      'tasks that wait for each other: "left" -> "right" -> "left"',
      'tasks that wait for each other: "parent" -> "child" -> "parent"',
    ].join("\\n(?:.*\\n)*  "),
  ),
);

program(
  "run() exits with 0 when a failure in a scope is handled after the scope",
  "run_exit_0_failure_handled_after_its_scope.ts",
  {},
  ["handled: disk full"],
);
