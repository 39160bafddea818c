/** Runs tests of the core in a worker and tells what became of them. */
import type { Register } from "../_harness.ts";
import { post } from "./_port.ts";

/** The portable tests that need nothing of a process. */
const FILES = [
  "abortable",
  "cancel_and_wait",
  "checkpoint",
  "cleanup",
  "cleanup_meanwhile",
  "combinators",
  "context",
  "event",
  "event_signal",
  "failures",
  "group",
  "map",
  "map_failures",
  "progress",
  "propagation",
  "reason",
  "scope",
  "scope_cancel",
  "scope_deadline",
  "scope_order",
  "scope_ownership",
  "scope_shield",
  "scope_source",
  "shield",
  "shield_grace",
  "sleep",
  "source",
  "task",
  "task_cancel",
  "task_disposal",
  "task_ending",
  "task_tree",
  "testing",
  "timeouts",
  "timeouts_nesting",
  "tracker",
  "virtual_clock",
  "virtual_clock_arguments",
  "wait",
  "wait_outcome",
  "wait_stop",
];

// A hook of the parent's doesn't reach into a worker everywhere.
if ("Bun" in globalThis) await import("../../tools/bun_hook.ts");
else if (!("Deno" in globalThis)) await import("../../tools/node_hook.ts");

const tests: Parameters<Register>[] = [];
const register: Register = (...test) => void tests.push(test);
// Before the first import of the harness, which looks for it.
Reflect.set(globalThis, Symbol.for("mdc.tests.register"), register);
for (const name of FILES) await import(`../${name}_test.ts`);

const failures: string[] = [];
for (const [name, body] of tests) {
  try {
    await body();
  } catch (error) {
    failures.push(`${name}: ${(error as Error).stack}`);
  }
}
post({ passed: tests.length - failures.length, failures });
