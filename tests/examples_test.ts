import { readdir, readFile } from "node:fs/promises";
import { assert, assertEquals } from "@std/assert";
import { test } from "./_harness.ts";
import { runProgram } from "./_run_program.ts";

const folder = new URL("../examples/", import.meta.url);
const files = (await readdir(folder)).filter((name) => name.endsWith(".ts"));

// The demo has tests of its own.
const programs = files.filter((name) => name !== "task_management_demo.ts");

test("there is an example for each primitive", () => {
  assertEquals(programs.sort(), [
    "cancellation.ts",
    "channels.ts",
    "cleanup.ts",
    "event.ts",
    "interop_std_async.ts",
    "intervals.ts",
    "limits.ts",
    "pool.ts",
    "progress.ts",
    "propagation.ts",
    "retry.ts",
    "server.ts",
    "streams.ts",
    "task.ts",
    "tracking.ts",
    "waiting.ts",
  ]);
});

for (const name of programs) {
  test(`examples/${name} prints what its last comment says`, async () => {
    const source = await readFile(new URL(name, folder), "utf8");
    const { code, stdout, stderr } = await runProgram(`examples/${name}`);
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertEquals(stdout, expectedOutput(source));
  });

  test(`examples/${name} is short enough to be read at once`, async () => {
    const source = await readFile(new URL(name, folder), "utf8");
    assert(source.split("\n").length <= 41);
  });
}

/** The comment lines below `// Output:`, which end the file. */
function expectedOutput(source: string): string {
  const start = source.lastIndexOf("\n// Output:\n");
  assert(start >= 0, "no `// Output:` block");
  const lines = source.slice(start + 1).trimEnd().split("\n").slice(1);
  assert(lines.length > 0, "an empty `// Output:` block");
  return lines.map((line) => `${line.replace(/^\/\/ ?/, "")}\n`).join("");
}
