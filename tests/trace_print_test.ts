import { assertEquals, assertThrows } from "@std/assert";
import { printTasksOn } from "../trace.ts";
import { test } from "./_harness.ts";
import { runProgram } from "./_run_program.ts";

test("printTasksOn() prints the tree of a program that gets the signal, which then ends by itself", async () => {
  const { code, stdout, stderr } = await runProgram(
    "tests/programs/trace_prints_on_sigusr2.ts",
  );
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertEquals(stdout.trimEnd().split("\n"), [
    "1 task runs",
    "poller (#id, for n ms, waits for sleep() since n ms)",
  ]);
});

test("printTasksOn() refuses a signal that doesn't exist, and one that nobody can hear", () => {
  assertThrows(
    () => printTasksOn("SIGUSR3"),
    TypeError,
    'received "SIGUSR3"; did you mean "SIGUSR',
  );
  assertThrows(() => printTasksOn("SIGKILL"), TypeError, "SIGKILL");
});

test("printTasksOn() refuses an unknown option and a write that is no function", () => {
  assertThrows(
    () => printTasksOn("SIGUSR2", { wirte() {} } as never),
    TypeError,
    'unknown option "wirte"; did you mean "write"?',
  );
  assertThrows(
    () => printTasksOn("SIGUSR2", { write: 5 as never }),
    TypeError,
    "write",
  );
});
