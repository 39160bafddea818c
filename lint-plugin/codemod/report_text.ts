import { createTwoFilesPatch } from "diff";
import picocolors from "picocolors";
import type { FindingInFile, Judgement } from "./baseline.ts";
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
    ...report.files.flatMap((file) => troubles(file, colors)),
    list(report, judgement, colors),
    summary(report, judgement, colors),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function isChanged(file: FileReport): file is RewrittenFile {
  return file.status === "done" && file.before !== file.after;
}

/** The edits of a file as a unified diff. */
export function diffOf(
  { path, before, after }: Pick<RewrittenFile, "path" | "before" | "after">,
): string {
  return createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, "", "", {
    context: 3,
  }).replace(/^=+\n/, "").replace(/^((?:---|\+\+\+) .*?)\t?$/gm, "$1");
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

function troubles(file: FileReport, { red, yellow }: Colors): string[] {
  switch (file.status) {
    case "unparsable": {
      const { line, column, message } = file.problem;
      return [`${file.path}:${line}:${column} ${red("unparsable")} ${message}`];
    }
    case "failed":
      return [`${file.path} ${red("failed")} ${file.error.message}`];
    case "done":
      return file.dropped.map(({ finding: { rule, line, column }, why }) =>
        `${file.path}:${line}:${column} ${yellow("dropped")} an edit of ` +
        `${rule}, ${
          why === "unstable"
            ? "whose edits never come to an end"
            : "after which the file would not parse"
        }`
      );
  }
}

/** The findings, each with its rule; those that the diff shows are marked. */
function list(
  { mode, files }: CodemodReport,
  { findings }: Judgement,
  { bold, dim, green }: Colors,
): string {
  const resolved = mode === "write" ? new Set() : resolvedBy(files);
  const lines: string[] = [];
  let current = "";
  for (const finding of findings) {
    const { path, line, column, message, rule } = finding;
    if (path !== current) lines.push(bold(path));
    current = path;
    const mark = resolved.has(keyOf(finding)) ? `  ${green("± edit")}` : "";
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

function summary(
  { mode, files, leftovers, rules, elapsed }: CodemodReport,
  { findings, accepted }: Judgement,
  { bold, green, red }: Colors,
): string {
  const changed = files.filter(isChanged);
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
    ...(accepted > 0 ? [`${count(accepted, "finding")} in the baseline`] : []),
    ...(bad > 0 ? [red(`${count(bad, "file")} could not be handled`)] : []),
    ...(leftovers.length > 0
      ? [`removed ${count(leftovers.length, "file")} of killed runs`]
      : []),
    `${(elapsed / 1000).toFixed(1)} s`,
  ];
  return `${lines.join("\n")}\n`;
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
