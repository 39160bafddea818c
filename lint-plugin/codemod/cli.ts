import { resolve } from "node:path";
import process from "node:process";
import plugin from "../mod.ts";
import { askPerson } from "./ask.ts";
import {
  judge,
  type Judgement,
  prune,
  readBaseline,
  suppress,
  writeBaseline,
} from "./baseline.ts";
import type { CodemodReport } from "./file_report.ts";
import { getHelp } from "./help.ts";
import {
  type Command,
  type Format,
  readOptions,
  UsageError,
} from "./options.ts";
import { progressBar } from "./progress_bar.ts";
import { reportGithub } from "./report_github.ts";
import { reportJson } from "./report_json.ts";
import { reportText } from "./report_text.ts";
import type { Decide } from "./review.ts";
import { codemod } from "./run.ts";
import { listRecipes } from "./select_recipes.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

/** What the command needs of its surroundings. */
export interface MainOptions {
  /** Default: this process's. */
  readonly terminal?: Terminal;
  /** Default: this process's. */
  readonly cwd?: string;
  /** Answers in place of a person. */
  readonly decide?: Decide;
}

/**
 * The command: runs with the arguments and returns the exit code, 0 if nothing
 * is left to do, 1 if there are findings that the baseline doesn't have, 2 for
 * wrong usage or a file that could not be handled.
 *
 * @example
 * ```ts
 * import { main } from "@mdc/eslint-plugin/codemod";
 *
 * const code = await main(["--version"]); // prints 0.1.0
 * console.log(code); // 0
 * ```
 */
export async function main(
  args: readonly string[],
  options: MainOptions = {},
): Promise<0 | 1 | 2> {
  const { terminal = processTerminal() } = options;
  try {
    const command = readOptions(args);
    switch (command.kind) {
      case "help":
        terminal.out(getHelp());
        return 0;
      case "recipes":
        terminal.out(listRecipes());
        return 0;
      case "version":
        terminal.out(`${plugin.meta.version}\n`);
        return 0;
      case "run":
        return await run(command, { ...options, terminal });
    }
  } catch (error) {
    const { message } = error as Error;
    terminal.error(`mdc-codemod: ${message}\n`);
    if (error instanceof UsageError) terminal.error("Try --help\n");
    return 2;
  }
}

type RunCommand = Extract<Command, { kind: "run" }>;

async function run(
  command: RunCommand,
  { terminal, cwd = process.cwd(), decide }: MainOptions & {
    readonly terminal: Terminal;
  },
): Promise<0 | 1 | 2> {
  const { paths, rules, tier, mode, risk, format, config } = command;
  const location = resolve(cwd, command.baseline.location);
  const baseline = await readBaseline(location) ?? {};
  const isInteractive = mode === "interactive";
  if (isInteractive && !decide && !terminal.isInteractive) {
    throw new UsageError("Cannot use --interactive: there is no terminal");
  }
  const person = isInteractive ? decide ?? await askPerson() : undefined;
  const bar = terminal.showsProgress && !isInteractive
    ? await progressBar()
    : undefined;
  let report: CodemodReport;
  try {
    report = await codemod({
      cwd,
      paths,
      ...(command.recipes ? { recipes: command.recipes } : { rules }),
      ...(tier !== undefined && { tier }),
      ...(config !== undefined && { config }),
      ...(risk !== undefined && { risk }),
      ignore: command.ignore,
      includeTests: command.includeTests,
      types: command.types,
      mode: mode === "dry" ? "dry" : "write",
      ...(person && { decide: person }),
      ...(bar && { onProgress: bar.update }),
    });
  } finally {
    bar?.stop();
  }
  const judgement = judge(report, baseline);
  const { change } = command.baseline;
  const wasHandled = report.files.every(({ status }) => status === "done");
  if (change === "suppress") {
    await writeBaseline(location, suppress(report, baseline));
    const { accepted, findings } = judgement;
    terminal.error(
      `Recorded ${accepted + findings.length} findings in ${location}\n`,
    );
    return wasHandled ? 0 : 2;
  }
  if (change === "prune") {
    await writeBaseline(location, prune(baseline, judgement.stale));
  }
  const { out, error, isColored } = terminal;
  out(await formatReport(report, judgement, { format, isColored }));
  if (change !== "prune") {
    for (const { path, rule, recorded, found } of judgement.stale) {
      error(
        `${path}: the baseline has ${recorded} × ${rule}, there are ${found};` +
          " --prune-suppressions corrects it\n",
      );
    }
  }
  if (!wasHandled) return 2;
  return judgement.findings.length > 0 ? 1 : 0;
}

async function formatReport(
  report: CodemodReport,
  judgement: Judgement,
  { format, isColored }: {
    readonly format: Format;
    readonly isColored: boolean;
  },
): Promise<string> {
  switch (format) {
    case "text":
      return reportText(report, judgement, { isColored });
    case "json":
      return reportJson(report, judgement);
    case "github":
      return reportGithub(report, judgement);
    case "sarif": {
      // Loaded on demand: nothing else needs its builder.
      const { reportSarif } = await import("./report_sarif.ts");
      return reportSarif(report, judgement);
    }
  }
}
