/** The command, as a program that `codemod_kill_test.ts` kills. */
import process from "node:process";
import { main } from "../codemod.ts";

process.exitCode = await main(process.argv.slice(2));
