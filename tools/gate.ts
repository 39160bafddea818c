/**
 * The gate: `deno task test`, with `--all` the matrix of runtimes too, or with
 * `--only <stage>` a part of it.
 *
 * Prints what the tools print, then a line for each stage, then, as its last
 * line, the sum.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { matrix } from "./matrix.ts";
import { run, runStage, type StageResult } from "./runner.ts";
import { gate, type Stage } from "./stages.ts";
import { hasPassed, insertTable, supportTable } from "./support_table.ts";
import { root } from "./workspace.ts";

const selected = select(Deno.args);

await install();
const results: StageResult[] = [];
for (const stage of selected) {
  console.log(`\n--- ${stage.name}`);
  results.push(await runStage(stage, { root }));
}
const everything = selected.length === gate().length + matrix().length;
if (everything) results.push(await checkSupport(results));
Deno.exitCode = summarize(results);

/** The stages asked for; explains itself and exits where it can't tell. */
function select(args: string[]): readonly Stage[] {
  const stages = [...gate(), ...matrix()];
  const names = stages.map((stage) => stage.name);
  try {
    const { values } = parseArgs({
      args,
      options: {
        all: { type: "boolean" },
        only: { type: "string", multiple: true },
      },
    });
    if (values.only === undefined) return values.all ? stages : gate();
    for (const name of values.only ?? []) {
      if (!names.includes(name)) throw new TypeError(`No stage "${name}"`);
    }
    return stages.filter((stage) => values.only?.includes(stage.name));
  } catch (error) {
    console.error(
      `${(error as Error).message}\n` +
        `Usage: deno task test [--all | --only <stage>...]\n` +
        `Stages: ${names.join(", ")}`,
    );
    Deno.exit(2);
  }
}

/** Gets the npm packages of the lock file; once more if the network fails. */
async function install(): Promise<void> {
  const command = { args: ["install", "--quiet"] };
  const problem = await run(command, { root }) &&
    await run(command, { root });
  if (!problem) return;
  console.error(`Cannot install the dependencies: ${problem}`);
  console.log("0 passed, 1 failed");
  Deno.exit(1);
}

/** Whether the README's table of supported versions is what this run showed. */
async function checkSupport(
  results: readonly StageResult[],
): Promise<StageResult> {
  const passed = (stage: string) => hasPassed(results, stage);
  const page = await Deno.readTextFile(`${root}README.md`);
  const table = supportTable(Deno.version.deno, passed);
  const right = insertTable(page, table) === page;
  if (!right) console.log(`\nREADME.md should have this table:\n\n${table}`);
  const verdict = right ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  return { name: "support", seconds: 0, skipped: 0, ...verdict };
}

/** Prints the result; returns the exit code, which is 1 for no test too. */
function summarize(results: readonly StageResult[]): number {
  console.log();
  let passed = 0;
  let failed = 0;
  for (const result of results) {
    passed += result.passed;
    failed += result.failed;
    const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : "";
    const note = result.note ? ` (${result.note})` : "";
    console.log(
      `${result.failed > 0 ? "FAILED" : "ok    "} ${result.name.padEnd(9)} ` +
        `${result.passed} passed, ${result.failed} failed${skipped}, ` +
        `${result.seconds.toFixed(1)} s${note}`,
    );
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
}
