/**
 * Prints the tree of the tasks of a running program in a terminal:
 * `deno run -A jsr:@mdc/devtools/ps <url> [--watch]`, or `mdc-ps` from npm.
 *
 * @module
 */
import process from "node:process";
import { main } from "./ps/main.ts";

export { main } from "./ps/main.ts";

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
