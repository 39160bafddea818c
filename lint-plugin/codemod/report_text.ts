import { createTwoFilesPatch } from "diff";
import picocolors from "picocolors";
import type { FindingInFile, Judgement } from "./baseline.ts";
import {
  count,
  leftOutOf,
  troublesOf,
  uncheckedOf,
} from "./report_troubles.ts";
import type { Finding, TextEdit } from "./types.ts";
import type {
  CodemodReport,
  FileReport,
  RewrittenFile,
} from "./file_report.ts";

type Colors = ReturnType<typeof picocolors.createColors>;

/** What a person reads: diffs, the findings, and the sum. */
export function reportText(
  report: CodemodReport,
  judgement: Judgement,
  { isColored }: { readonly isColored: boolean },
): string {
  const colors = picocolors.createColors(isColored);
  const parts = [
    ...report.files.filter(isChanged).map((file) =>
      report.mode === "dry"
        ? colorDiff(diffOf(file), colors)
        : `${colors.green("rewrote")} ${file.path}${byRule(file)}\n`
    ),
    ...report.files.flatMap((file) => troublesOf(file, colors)),
    list(report, judgement, colors),
    rulesOf(report, judgement),
    summary(report, judgement, colors),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function isChanged(file: FileReport): file is RewrittenFile {
  return file.status === "done" && file.before !== file.after;
}

/** The edits of a file as a unified diff, with the reason of each hunk. */
export function diffOf(
  { path, before, after, applied = [] }:
    & Pick<RewrittenFile, "path" | "before" | "after">
    & Partial<Pick<RewrittenFile, "applied">>,
): string {
  const diff = createTwoFilesPatch(
    `a/${path}`,
    `b/${path}`,
    before,
    after,
    "",
    "",
    {
      context: 3,
    },
  ).replace(/^=+\n/, "").replace(/^((?:---|\+\+\+) .*?)\t?$/gm, "$1");
  return diff.replace(
    /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@$/gm,
    (header, from, before = 1, to, after = 1) => {
      const meets = (finding: Finding, start: number, length: number) =>
        finding.endLine >= start && finding.line < start + length;
      const reasons = applied
        .filter((finding) =>
          meets(finding, Number(from), Number(before)) ||
          meets(finding, Number(to), Number(after))
        )
        .map(reasonOf);
      // What stands behind the second @@ is text for people.
      return [header, [...new Set(reasons)].join("; ")].join(" ").trimEnd();
    },
  );
}

function reasonOf({ rule, message, edit }: Finding): string {
  return `mdc/${rule}: ${message.replaceAll("\n", " ")}` +
    (edit ? ` (${edit.risk}: ${edit.why})` : "");
}

/** How risky the edit is, and why. */
export function riskOf({ risk, why }: TextEdit, colors: Colors): string {
  return `${
    risk === "safe" ? colors.green(risk) : colors.yellow(risk)
  }: ${why}`;
}

/** A unified diff in colours. */
export function colorDiff(diff: string, colors: Colors): string {
  return diff.split("\n").map((line) =>
    /^(---|\+\+\+) /.test(line)
      ? colors.bold(line)
      : line.startsWith("@@")
      ? colors.cyan(line)
      : line.startsWith("+")
      ? colors.green(line)
      : line.startsWith("-")
      ? colors.red(line)
      : line
  ).join("\n");
}

function byRule({ applied }: RewrittenFile): string {
  const counts = new Map<string, number>();
  for (const { rule } of applied) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return `: ${
    [...counts].map(([rule, count]) => `${count} × ${rule}`).join(", ")
  }`;
}

/** The findings, each with its rule; those that the diff shows are marked. */
function list(
  { mode, files }: CodemodReport,
  { findings }: Judgement,
  colors: Colors,
): string {
  const { bold, dim, green } = colors;
  const resolved = mode === "write" ? new Set() : resolvedBy(files);
  const lines: string[] = [];
  let current = "";
  for (const finding of findings) {
    const { path, line, column, message, rule } = finding;
    if (path !== current) lines.push(bold(path));
    current = path;
    const { edit } = finding;
    const isShown = resolved.has(keyOf(finding));
    const mark = isShown
      ? `  ${green("± edit")}`
      : edit
      ? `\n    ${edit.description} ${riskOf(edit, colors)}`
      : "";
    lines.push(`  ${line}:${column}  ${message}  ${dim(`mdc/${rule}`)}${mark}`);
  }
  return lines.length > 0 ? `${lines.join("\n")}\n` : "";
}

/** Findings of before that the diff shows the edit of. */
function resolvedBy(files: readonly FileReport[]): Set<string> {
  const keys = new Set<string>();
  for (const file of files) {
    if (file.status !== "done") continue;
    for (const finding of file.applied) {
      keys.add(keyOf({ ...finding, path: file.path }));
    }
  }
  return keys;
}

function keyOf({ path, rule, line, column }: FindingInFile): string {
  return `${path}:${line}:${column} ${rule}`;
}

/** By rule: what is found, what is edited, what has to be read. */
function rulesOf(
  { mode, files, rules }: CodemodReport,
  { findings }: Judgement,
): string {
  const applied = files.flatMap((file) =>
    file.status === "done" ? file.applied : []
  );
  const rows = rules.map((rule) => {
    const found = findings.filter((each) => each.rule === rule);
    return [
      rule,
      String(found.length),
      String(applied.filter((each) => each.rule === rule).length),
      String(found.filter(({ edit }) => edit?.risk === "review").length),
    ];
  }).filter((row) => row.slice(1).some((cell) => cell !== "0"));
  if (rows.length < 2) return "";
  const head = [
    "rule",
    "findings",
    mode === "write" ? "edited" : "can be edited",
    "to be read",
  ];
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map((row) => (row[column] ?? title).length))
  );
  return [head, ...rows].map((row) =>
    `${
      row.map((cell, column) =>
        column === 0
          ? cell.padEnd(widths[column] ?? 0)
          : cell.padStart(widths[column] ?? 0)
      ).join("  ")
    }\n`
  ).join("");
}

function summary(
  report: CodemodReport,
  { findings, accepted }: Judgement,
  { bold, green, red }: Colors,
): string {
  const { mode, files, leftovers, rules, elapsed, risk, installation } = report;
  const changed = files.filter(isChanged);
  const unsafe = findings.filter(({ edit }) => edit?.risk === "review").length;
  const edits = changed.reduce((sum, { applied }) => sum + applied.length, 0);
  const bad = files.filter(({ status }) => status !== "done").length;
  const made = edits === 0
    ? ""
    : mode === "write"
    ? `; made ${count(edits, "edit")} in ${count(changed.length, "file")}`
    : `; --write would make ${count(edits, "edit")} in ` +
      count(changed.length, "file");
  const lines = [
    `${
      findings.length > 0
        ? red(bold(count(findings.length, "finding")))
        : green(bold("no findings"))
    } of ${count(rules.length, "rule")} in ${
      count(files.length, "file")
    }${made}`,
    ...(risk === "safe" && unsafe > 0
      ? [`${count(unsafe, "edit")} to be read: --risk review, or --interactive`]
      : []),
    ...leftOutOf(report),
    ...uncheckedOf(report),
    ...(installation === undefined ? [] : [`to install: ${installation}`]),
    ...(accepted > 0 ? [`${count(accepted, "finding")} in the baseline`] : []),
    ...(bad > 0 ? [red(`${count(bad, "file")} could not be handled`)] : []),
    ...(leftovers.length > 0
      ? [`removed ${count(leftovers.length, "file")} of killed runs`]
      : []),
    `${(elapsed / 1000).toFixed(1)} s`,
  ];
  return `${lines.join("\n")}\n`;
}
