/** Prints the column of this runtime in the table of callbacks, as JSON. */
import process from "node:process";
import { column, thisRuntime } from "../tests/_callbacks.ts";

const owners = await column();
process.stdout.write(JSON.stringify({ runtime: thisRuntime(), owners }));
