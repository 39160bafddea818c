/** Programs do the same after their safe edits, as long as nobody cancels. */
import { assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import process from "node:process";
import { test } from "../../tests/_harness.ts";
import { rewrite } from "../codemod.ts";
import { randomProgram, watch } from "./_random_program.ts";

const RUNS = Number(process.env.PROGRAMS ?? 150);

/** Rules of which the programs hold something that is edited safely. */
const EDITED = [
  "no-leaked-abort-listener",
  "no-unawaited-promise-in-try",
  "no-untracked-promise",
  "prefer-throw-if-aborted",
  "require-abort-reason",
  "require-aborted-check",
  "require-completion-in-finally",
  "require-parent-signal-link",
  "require-signal-forwarding",
];

test(`${RUNS} random programs show the same after their safe edits`, async () => {
  const applied = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(randomProgram, async (program) => {
      const result = await rewrite(program, { filename: "file.js", tier: 3 });
      if (result.status !== "parsed") throw new Error(result.problem.message);
      for (const { rule } of result.applied) {
        applied.set(rule, (applied.get(rule) ?? 0) + 1);
      }
      assertEquals(
        await watch(result.output),
        await watch(program),
        result.output,
      );
    }),
    { numRuns: RUNS, seed: 11 },
  );
  for (const rule of EDITED) assertGreater(applied.get(rule) ?? 0, 0, rule);
});
