/**
 * The findings that a project lives with for now, in the format and by the
 * rules of ESLint's own `eslint-suppressions.json`: a count for each file and
 * rule. A file with more findings of a rule than counted has all of them
 * reported, because nobody can tell which are the new ones.
 */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type CodemodReport, findingsOf } from "./file_report.ts";
import type { Finding } from "./types.ts";

/** Where ESLint looks for it. */
export const BASELINE = "eslint-suppressions.json";

/** Counts by file, relative to the working directory, and `plugin/rule`. */
export interface Baseline {
  readonly [path: string]: { readonly [rule: string]: Count };
}

interface Count {
  readonly count: number;
}

/** A finding and its file. */
export interface FindingInFile extends Finding {
  /** Relative to the working directory, with `/`. */
  readonly path: string;
}

/** An entry that promises more than there is. */
export interface StaleEntry {
  /** Relative to the working directory, with `/`. */
  readonly path: string;
  /** Name of the rule, without namespace. */
  readonly rule: string;
  /** What the baseline says. */
  readonly recorded: number;
  /** What there is. */
  readonly found: number;
}

/** A report in the light of a baseline. */
export interface Judgement {
  /** What the baseline doesn't cover. */
  readonly findings: readonly FindingInFile[];
  /** How many findings the baseline covers. */
  readonly accepted: number;
  /** What can be taken out of the baseline. */
  readonly stale: readonly StaleEntry[];
}

/** Judges a report. */
export function judge(report: CodemodReport, baseline: Baseline): Judgement {
  const findings: FindingInFile[] = [];
  const stale: StaleEntry[] = [];
  let accepted = 0;
  for (const file of report.files) {
    if (file.status !== "done") continue;
    const { path } = file;
    const found = findingsOf(file);
    const excess = new Set<string>();
    for (const rule of report.rules) {
      const recorded = countOf(baseline, path, rule);
      const count = found.filter((each) => each.rule === rule).length;
      if (count > recorded) excess.add(rule);
      else accepted += count;
      if (count < recorded) stale.push({ path, rule, recorded, found: count });
    }
    for (const finding of found) {
      if (excess.has(finding.rule)) findings.push({ ...finding, path });
    }
  }
  return { findings, accepted, stale: [...stale, ...gone(report, baseline)] };
}

function countOf(baseline: Baseline, path: string, rule: string): number {
  return baseline[path]?.[`mdc/${rule}`]?.count ?? 0;
}

/** Entries of our rules for files that don't exist. */
function gone({ cwd, rules }: CodemodReport, baseline: Baseline): StaleEntry[] {
  return Object.keys(baseline)
    .filter((path) => !existsSync(resolve(cwd, path)))
    .flatMap((path) =>
      rules.map((rule) => ({
        path,
        rule,
        recorded: countOf(baseline, path, rule),
        found: 0,
      }))
    )
    .filter(({ recorded }) => recorded > 0);
}

/** The baseline with the findings that a report leaves; the rest stays. */
export function suppress(report: CodemodReport, baseline: Baseline): Baseline {
  const counts = report.files.flatMap((file) =>
    file.status !== "done" ? [] : report.rules.map((rule) => ({
      path: file.path,
      rule,
      count: findingsOf(file).filter((each) => each.rule === rule).length,
    }))
  );
  return withCounts(baseline, counts);
}

/** The baseline without what is stale. */
export function prune(
  baseline: Baseline,
  stale: readonly StaleEntry[],
): Baseline {
  const counts = stale.map(({ path, rule, found }) => ({
    path,
    rule,
    count: found,
  }));
  return withCounts(baseline, counts);
}

function withCounts(
  baseline: Baseline,
  counts: readonly { path: string; rule: string; count: number }[],
): Baseline {
  const result: Record<string, Record<string, Count>> = {};
  for (const [path, rules] of Object.entries(baseline)) {
    result[path] = { ...rules };
  }
  for (const { path, rule, count } of counts) {
    const rules = result[path] ??= {};
    if (count > 0) rules[`mdc/${rule}`] = { count };
    else delete rules[`mdc/${rule}`];
    if (Object.keys(rules).length === 0) delete result[path];
  }
  return result;
}

/**
 * Reads a baseline; undefined if there is no such file.
 *
 * @throws {SyntaxError} if it is no JSON
 * @throws {TypeError} if it is no object of objects of counts
 */
export async function readBaseline(
  path: string,
): Promise<Baseline | undefined> {
  if (!existsSync(path)) return undefined;
  const value: unknown = JSON.parse(await readFile(path, "utf8"));
  if (!isBaseline(value)) {
    throw new TypeError(
      `Cannot read ${path}: expected counts by file and rule`,
    );
  }
  return value;
}

function isBaseline(value: unknown): value is Baseline {
  return isRecord(value) &&
    Object.values(value).every((rules) =>
      isRecord(rules) &&
      Object.values(rules).every((each) =>
        isRecord(each) && Number.isInteger(each.count)
      )
    );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Writes a baseline, its keys in order, as ESLint does. */
export async function writeBaseline(
  path: string,
  baseline: Baseline,
): Promise<void> {
  const sorted = sortKeys(baseline, (rules) => sortKeys(rules, (each) => each));
  await writeFile(path, JSON.stringify(sorted, null, 2));
}

function sortKeys<T, U>(
  record: { readonly [key: string]: T },
  map: (value: T) => U,
): Record<string, U> {
  return Object.fromEntries(
    Object.keys(record).sort().map((key) => [key, map(record[key] as T)]),
  );
}
