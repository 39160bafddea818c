import fc from "fast-check";
import * as own from "../mod.ts";
import { loadCopy } from "./_copy.ts";
import { test } from "./_harness.ts";
import { programs, runProgram } from "./_trees.ts";
import { PROGRAMS } from "./_trees_runs.ts";

const copies = [own, await loadCopy()];

test(`${PROGRAMS} random programs of two copies of the library keep every promise`, async () => {
  const world = { explicit: false, copies };
  await fc.assert(
    fc.asyncProperty(programs, (program) => runProgram(program, world)),
    { numRuns: PROGRAMS },
  );
});
