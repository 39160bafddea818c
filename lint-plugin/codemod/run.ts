import { dirname, relative, sep } from "node:path";
import process from "node:process";
import type { Risk, Rule } from "../host/rule.ts";
import { loadEslint } from "./eslint_host.ts";
import type {
  CodemodReport,
  FileReport,
  UncheckedFile,
} from "./file_report.ts";
import { findFiles, parserFor } from "./find_files.ts";
import { getInstallation } from "./installing.ts";
import { createLint, type LintOptions } from "./lint.ts";
import { readConfig } from "./eslint_config.ts";
import { removeLeftovers } from "./replace_file.ts";
import { type Decide, review } from "./review.ts";
import { look, rewriteFile } from "./rewrite_file.ts";
import { PACKAGE, selectRecipes } from "./select_recipes.ts";
import { type RuleSelection, selectRules } from "./select_rules.ts";
import { stabilize } from "./stabilize.ts";
import { TypeGuard, type TypesOption } from "./type_guard/type_guard.ts";
import type { Judges } from "./try_edits.ts";
import { editable } from "./edits.ts";
import type { EditSelection, Lint, Rewrite } from "./types.ts";

/** What is to be rewritten, and how. */
export interface CodemodOptions extends RuleSelection, EditSelection {
  /** Files, folders and globs; default: the working directory. */
  readonly paths?: readonly string[];
  /** Globs and folders to leave out, at any depth. */
  readonly ignore?: readonly string[];
  /**
   * Whether tests are edited, too; default: only those that are named. Generated,
   * minified and vendored files are edited only if they are named.
   */
  readonly includeTests?: boolean;
  /** What paths are relative to; default: the process's working directory. */
  readonly cwd?: string;
  /** `"write"` writes the edits, `"dry"` (default) only tells them. */
  readonly mode?: "dry" | "write";
  /**
   * Is asked about every edit, rule by rule; without it, all are made. The
   * default of `risk` is then `"review"`.
   */
  readonly decide?: Decide;
  /**
   * Path of an ESLint config, whose parser, settings and options of our rules
   * are used. Rules that it turns off for a file are off.
   */
  readonly config?: string;
  /** Recipes in place of the rules, by name; their edits are to be reviewed. */
  readonly recipes?: readonly string[];
  /**
   * Whether an edit is dropped that would add a type error. `"auto"` (default):
   * where the nearest `tsconfig.json` and the TypeScript of the project (5 or 6)
   * can be loaded. A `tsconfig` is used for all files. `"off"`: nobody checks.
   */
  readonly types?: TypesOption;
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
 * @throws {RangeError} if there is no such rule, tier or recipe
 * @throws {TypeError} if two of rules, tier and recipes are given
 * @throws {TypeGuardError} if the `tsconfig` of `types` can't be used
 */
export async function codemod(
  options: CodemodOptions = {},
): Promise<CodemodReport> {
  const start = performance.now();
  const { cwd = process.cwd(), mode = "dry", paths = ["."] } = options;
  const { decide, ignore = [], includeTests = false } = options;
  const { recipes } = options;
  if (recipes && (options.rules || options.tier !== undefined)) {
    throw new TypeError(
      "Cannot combine recipes with rules or a tier: run them one after the other",
    );
  }
  const risk = options.risk ?? (decide || recipes ? "review" : "safe");
  const rules = options.definitions ??
    (recipes ? selectRecipes(recipes) : selectRules(options));
  const host = await loadEslint();
  const config = options.config === undefined
    ? undefined
    : readConfig(host, options.config, { cwd, rules });
  const { files, named, components } = await findFiles(paths, { cwd, ignore });
  const all = config ? [...files, ...components].sort() : files;
  const leftovers: string[] = [];
  if (mode === "write") {
    for (const folder of new Set(all.map((path) => dirname(path)))) {
      leftovers.push(...await removeLeftovers(folder));
    }
  }
  const nameOf = (path: string) => relative(cwd, path).split(sep).join("/");
  const lintOf = async (file: string): Promise<Lint | undefined> => {
    const given: LintOptions | undefined = config
      ? await config(file)
      : { rules };
    const missing = config ? undefined : parserFor(file);
    if (missing !== undefined) throw new Error(missing);
    return given && createLint(host, file, { ...given, risk });
  };
  const guard = new TypeGuard(options.types ?? "auto", {
    cwd,
    ...(recipes && { needs: PACKAGE }),
  });
  const unchecked: UncheckedFile[] = [];
  /** Has an edit judged by types as well, where somebody knows them. */
  const judged = async (
    path: string,
    lint: Lint,
    edit: (judges: Judges) => Rewrite | Promise<Rewrite>,
  ): Promise<Rewrite> => {
    const watch = guard.watch(path);
    if (watch.status === "off") {
      const rewrite = await edit({ lint });
      if (
        watch.why !== undefined && rewrite.status === "parsed" &&
        rewrite.applied.length > 0
      ) unchecked.push({ path: nameOf(path), why: watch.why });
      return rewrite;
    }
    const { findTypeError } = watch;
    const rewrite = await edit({ lint, findTypeError });
    if (rewrite.status === "parsed") watch.settle(rewrite.output);
    return rewrite;
  };
  const known = new Set<string>();
  const reports: FileReport[] = [];
  /** The paths of the reports. */
  const origins: string[] = [];
  for (const [index, path] of all.entries()) {
    const report = await rewriteFile(path, {
      name: nameOf(path),
      known,
      mode: decide ? "dry" : mode,
      isNamed: named.has(path),
      includeTests,
      edit: (lint, text) =>
        decide ? look(lint, text) : judged(
          path,
          lint,
          (judges) => stabilize(judges, text, risk),
        ),
      lintOf,
    });
    if (report) {
      reports.push(report);
      origins.push(path);
    }
    options.onProgress?.(index + 1, all.length);
  }
  if (decide) {
    await askByRule(reports, {
      decide,
      risk,
      rules: Object.keys(rules),
      again: (index, edit) => {
        const path = origins[index] ?? "";
        return rewriteFile(path, {
          name: nameOf(path),
          known: new Set(),
          mode,
          isNamed: named.has(path),
          includeTests,
          edit: (lint, text) =>
            judged(path, lint, (judges) => edit(judges, text)),
          lintOf,
        });
      },
    });
  }
  guard.dispose();
  const isMoved = recipes !== undefined &&
    reports.some((each) => each.status === "done" && each.applied.length > 0);
  const installation = isMoved ? getInstallation(cwd) : undefined;
  return {
    cwd,
    rules: Object.keys(rules),
    mode,
    risk,
    files: reports,
    unchecked,
    ...(installation !== undefined && { installation }),
    unread: config ? [] : components.map(nameOf),
    leftovers,
    elapsed: performance.now() - start,
  };
}

/** Asks about the edits of one rule in all files, then about the next rule's. */
async function askByRule(
  reports: FileReport[],
  { decide, risk, rules, again }: {
    readonly decide: Decide;
    readonly risk: Risk;
    readonly rules: readonly string[];
    readonly again: (
      index: number,
      edit: (judges: Judges, text: string) => Promise<Rewrite>,
    ) => Promise<FileReport | undefined>;
  },
): Promise<void> {
  for (const rule of rules) {
    for (const [index, report] of reports.entries()) {
      if (report.status !== "done" || report.leftOut) continue;
      const isConcerned = editable(report.remaining, report.after, risk)
        .some((finding) => finding.rule === rule);
      if (!isConcerned) continue;
      let isOver = false;
      const next = await again(index, async (judges, text) => {
        const { rewrite, quit } = await review(judges, text, {
          decide,
          risk,
          rule,
        });
        isOver = quit;
        return rewrite;
      });
      if (next) reports[index] = join(report, next);
      if (isOver) return;
    }
  }
}

/** Two visits of a file as one. */
function join(first: FileReport, second: FileReport): FileReport {
  if (first.status !== "done" || second.status !== "done") return second;
  return {
    ...second,
    before: first.before,
    found: first.found,
    applied: [...first.applied, ...second.applied],
    dropped: [...first.dropped, ...second.dropped],
    written: first.written || second.written,
  };
}
