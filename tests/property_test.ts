import fc from "fast-check";
import { test } from "./_harness.ts";
import { programs, runProgram } from "./_trees.ts";
import { PROGRAMS } from "./_trees_runs.ts";
import * as own from "../mod.ts";

for (const explicit of [false, true]) {
  const where = explicit ? " without task context" : "";
  test(`${PROGRAMS} random programs of scopes, groups, shields and tasks keep every promise${where}`, async () => {
    // The report of a failure has the seed and the smallest program that fails.
    const world = { explicit, copies: [own] };
    await fc.assert(
      fc.asyncProperty(programs, (program) => runProgram(program, world)),
      { numRuns: PROGRAMS },
    );
  });
}
