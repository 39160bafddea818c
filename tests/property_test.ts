import fc from "fast-check";
import { test } from "./_harness.ts";
import { programs, runProgram } from "./_trees.ts";

/** Enough to meet what needs several unlikely things at once. */
const TREES = 10_000;

test(`${TREES} random programs of scopes, groups, shields and tasks keep every promise`, async () => {
  // The report of a failure has the seed and the smallest program that fails.
  await fc.assert(fc.asyncProperty(programs, runProgram), { numRuns: TREES });
});
