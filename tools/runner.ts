import { join } from "node:path";
import { type Counts, countTestCases } from "./junit.ts";
import { type Command, REPORT, type Stage } from "./stages.ts";

/** What a stage came to; `note` says why where a count alone doesn't. */
export interface StageResult extends Counts {
  name: string;
  seconds: number;
  note?: string;
}

/** Options of {@linkcode runStage}. */
export interface RunStageOptions {
  /** The folder that the commands' folders are relative to. */
  root: string;
  /** How long a command may run, in milliseconds. */
  limit?: number;
  /** Where the commands' output goes. */
  output?: "inherit" | "null";
}

const THIRTY_MINUTES = 1_800_000;

/** Runs a stage. A command that can't be started is a failure, no error. */
export async function runStage(
  stage: Stage,
  options: RunStageOptions,
): Promise<StageResult> {
  const start = performance.now();
  const verdict = stage.kind === "check"
    ? await runCheck(stage.commands, options)
    : await runTests(stage.commands, options);
  const seconds = (performance.now() - start) / 1000;
  return { name: stage.name, seconds, ...verdict };
}

type Verdict = Counts & { note?: string };

async function runCheck(
  commands: readonly Command[],
  options: RunStageOptions,
): Promise<Verdict> {
  const notes: string[] = [];
  for (const command of commands) {
    const problem = await run(command, options);
    if (problem) notes.push(problem);
  }
  return notes.length === 0
    ? { passed: 1, failed: 0, skipped: 0 }
    : { passed: 0, failed: 1, skipped: 0, note: notes.join(", ") };
}

/**
 * A report without failures doesn't make a run good: a module that doesn't
 * load, an unhandled rejection and a run of no test at all count as one.
 */
async function runTests(
  commands: readonly Command[],
  options: RunStageOptions,
): Promise<Verdict> {
  const folder = await Deno.makeTempDir({ prefix: "mdc-junit-" });
  try {
    const total: Counts = { passed: 0, failed: 0, skipped: 0 };
    const notes: string[] = [];
    for (const [index, { args, ...rest }] of commands.entries()) {
      const report = join(folder, `${index}.xml`);
      const problem = await run(
        { args: args.map((arg) => arg.replace(REPORT, report)), ...rest },
        options,
      );
      const counts = await readReport(report);
      const ran = counts.passed + counts.failed > 0;
      if ((problem || !ran) && counts.failed === 0) {
        counts.failed = 1;
        notes.push(problem ?? "no test ran");
      }
      total.passed += counts.passed;
      total.failed += counts.failed;
      total.skipped += counts.skipped;
    }
    return notes.length === 0 ? total : { ...total, note: notes.join(", ") };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function readReport(path: string): Promise<Counts> {
  try {
    return countTestCases(await Deno.readTextFile(path));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

/** Runs a command to its end; says what went wrong, if anything did. */
export async function run(
  { program = Deno.execPath(), args, folder = "." }: Command,
  { root, limit = THIRTY_MINUTES, output = "inherit" }: RunStageOptions,
): Promise<string | undefined> {
  const child = new Deno.Command(program, {
    args: [...args],
    cwd: join(root, folder),
    env: { DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    stdout: output,
    stderr: output,
  }).spawn();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
  }, limit);
  try {
    const { success, code } = await child.status;
    if (late) return `stopped after ${limit / 1000} s`;
    return success ? undefined : `exit code ${code}`;
  } finally {
    clearTimeout(timer);
  }
}
