/**
 * Writes the table of callbacks from outside into docs/semantics.md: runs the
 * probes of tests/_callbacks.ts with each runtime of the matrix. A test of each
 * runtime compares its column.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { callbackTable, insertCallbacks, PAGE } from "./callback_table.ts";
import { programOf, runtimes } from "./runtimes.ts";
import { root } from "./workspace.ts";

const node = ["--import", "./tools/node_hook.ts"];
const commands: readonly (readonly [program: string, ...args: string[]])[] = [
  [Deno.execPath(), "run", "--allow-all"],
  [programOf(runtimes.node24), ...node],
  [programOf(runtimes.node22), ...node],
  [programOf(runtimes.bun), "--preload", "./tools/bun_hook.ts"],
];

const columns = commands.map(([program, ...args]) => {
  const file = "tools/callback_column.ts";
  const printed = execFileSync(program, [...args, file], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 60_000,
  });
  return JSON.parse(printed);
});
const page = join(root, PAGE);
const text = readFileSync(page, "utf8");
writeFileSync(page, insertCallbacks(text, callbackTable(columns)));
