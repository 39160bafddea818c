import { dirname, relative, sep } from "node:path";
import process from "node:process";
import type { Rule } from "../_rule.ts";
import { loadEslint, MissingPackageError } from "./eslint_host.ts";
import type { CodemodReport, FileReport } from "./file_report.ts";
import { findFiles } from "./find_files.ts";
import { createLint, type LintOptions } from "./lint.ts";
import { readConfig } from "./eslint_config.ts";
import { removeLeftovers, replaceFile } from "./replace_file.ts";
import { type Decide, review } from "./review.ts";
import { type RuleSelection, selectRules } from "./select_rules.ts";
import { stabilize } from "./stabilize.ts";
import { encodeFor, readTextFile } from "./text_file.ts";
import type { Lint, Rewrite } from "./types.ts";

/** What is to be rewritten, and how. */
export interface CodemodOptions extends RuleSelection {
  /** Files, folders and globs; default: the working directory. */
  readonly paths?: readonly string[];
  /** What paths are relative to; default: the process's working directory. */
  readonly cwd?: string;
  /** `"write"` writes the edits, `"dry"` (default) only tells them. */
  readonly mode?: "dry" | "write";
  /** Is asked about every edit; without it, all are made. */
  readonly decide?: Decide;
  /**
   * Path of an ESLint config, whose parser, settings and options of our rules
   * are used. Rules that it turns off for a file are off.
   */
  readonly config?: string;
  /** Rules in place of the plugin's own, by name. */
  readonly definitions?: { readonly [name: string]: Rule };
  /** Is called after each file. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Rewrites files.
 *
 * Each file is replaced in one step: killed at any moment, the process leaves
 * it either old or new. Mode, byte order mark, ends of lines and links stay.
 * One file's trouble is told in its report and doesn't stop the others.
 *
 * @example
 * ```ts
 * import { codemod } from "@mdc/eslint-plugin/codemod";
 *
 * const report = await codemod({ paths: ["lint-plugin/mod.ts"], tier: 1 });
 * for (const file of report.files) {
 *   if (file.status === "done") console.log(file.path, file.found.length);
 * }
 * ```
 *
 * @throws {MissingPackageError} if ESLint or the parser isn't installed
 * @throws {NoFilesError} for a path or glob without any file
 * @throws {RangeError} if there is no such rule or tier
 * @throws {TypeError} if both rules and a tier are given
 */
export async function codemod(
  options: CodemodOptions = {},
): Promise<CodemodReport> {
  const start = performance.now();
  const { cwd = process.cwd(), mode = "dry", paths = ["."] } = options;
  const rules = options.definitions ?? selectRules(options);
  const host = await loadEslint();
  const config = options.config === undefined
    ? undefined
    : readConfig(host, options.config, { cwd, rules });
  const found = await findFiles(paths, cwd);
  const leftovers: string[] = [];
  if (mode === "write") {
    for (const folder of new Set(found.map((path) => dirname(path)))) {
      leftovers.push(...await removeLeftovers(folder));
    }
  }
  let { decide } = options;
  const edit = async (lint: Lint, text: string): Promise<Rewrite> => {
    if (!options.decide) return stabilize(lint, text);
    if (!decide) return look(lint, text);
    const { rewrite, quit } = await review(lint, text, decide);
    if (quit) decide = undefined;
    return rewrite;
  };
  const files: FileReport[] = [];
  const known = new Set<string>();
  for (const [index, path] of found.entries()) {
    const report = await rewriteFile(path, {
      name: relative(cwd, path).split(sep).join("/"),
      known,
      mode,
      edit,
      lintOf: async (file) => {
        const given: LintOptions | undefined = config
          ? await config(file)
          : { rules };
        return given && createLint(host, file, given);
      },
    });
    if (report) files.push(report);
    options.onProgress?.(index + 1, found.length);
  }
  return {
    cwd,
    rules: Object.keys(rules),
    mode,
    files,
    leftovers,
    elapsed: performance.now() - start,
  };
}

interface FileOptions {
  readonly name: string;
  /** The files that were dealt with, perhaps under another name. */
  readonly known: Set<string>;
  readonly mode: "dry" | "write";
  readonly edit: (lint: Lint, text: string) => Promise<Rewrite>;
  readonly lintOf: (path: string) => Promise<Lint | undefined>;
}

/** Undefined if the file is none of this run's. */
async function rewriteFile(
  path: string,
  { name, known, mode, edit, lintOf }: FileOptions,
): Promise<FileReport | undefined> {
  try {
    const file = await readTextFile(path);
    if (known.has(file.path)) return undefined;
    known.add(file.path);
    const lint = await lintOf(path);
    if (!lint) return undefined;
    const rewrite = await edit(lint, file.text);
    if (rewrite.status === "unparsable") return { ...rewrite, path: name };
    const { output, ...edits } = rewrite;
    const isChanged = output !== file.text;
    if (isChanged && mode === "write") {
      const to = encodeFor(file, output);
      await replaceFile(file.path, { from: file.bytes, to });
    }
    return {
      ...edits,
      status: "done",
      path: name,
      before: file.text,
      after: output,
      written: isChanged && mode === "write",
    };
  } catch (error) {
    if (error instanceof MissingPackageError) throw error;
    return { status: "failed", path: name, error: error as Error };
  }
}

/** The findings of a text, and no edit. */
function look(lint: Lint, text: string): Rewrite {
  const result = lint(text);
  if (result.status === "unparsable") return result;
  const { findings } = result;
  return {
    status: "parsed",
    output: text,
    found: findings,
    applied: [],
    remaining: findings,
    dropped: [],
  };
}
