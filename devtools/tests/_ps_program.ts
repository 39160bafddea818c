/** The command, for tests that run it as a process of its own. */
import { main } from "@mdc/devtools/ps";
import process from "node:process";

process.exitCode = await main(process.argv.slice(2));
