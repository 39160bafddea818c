/** Callbacks from outside: the table of docs/semantics.md, on each runtime. */
import { assert, assertEquals } from "@std/assert";
import {
  callbackTable,
  insertCallbacks,
  PAGE,
  readCallbacks,
} from "../tools/callback_table.ts";
import { PROBES } from "./_callback_probes.ts";
import { RUNTIMES } from "./_callbacks.ts";
import { test } from "./_harness.ts";
import { readText } from "./_markdown.ts";
import { runProgram } from "./_run_program.ts";

const page = readText(PAGE);
const columns = readCallbacks(page);
// In a process of its own: what a test runner does to its tests doesn't count.
test("the current task in callbacks from outside is the one that docs/semantics.md says", async () => {
  const { stdout, stderr } = await runProgram("tools/callback_column.ts");
  assert(stdout.startsWith("{"), stderr);
  const { runtime, owners } = JSON.parse(stdout);
  assertEquals(
    owners,
    columns.find((each) => each.runtime === runtime)?.owners,
  );
});

test("the table of callbacks has every runtime and every callback, as it was written", () => {
  assertEquals(columns.map(({ runtime }) => runtime), [...RUNTIMES]);
  for (const { owners } of columns) {
    assertEquals(Object.keys(owners), Object.keys(PROBES));
  }
  assertEquals(insertCallbacks(page, callbackTable(columns)), page);
});
