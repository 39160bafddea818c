import { rules as known } from "../rules/mod.ts";
import type { Judgement } from "./baseline.ts";
import type { CodemodReport } from "./file_report.ts";

/** Annotations for GitHub Actions: a workflow command on each line. */
export function reportGithub(
  { files }: CodemodReport,
  { findings, stale }: Judgement,
): string {
  const lines = [
    ...findings.map((finding) => {
      const { path, line, column, endLine, endColumn, rule, message } = finding;
      const { edit } = finding;
      const offer = edit
        ? ` ${edit.description} (${edit.risk}: ${edit.why})`
        : "";
      return command(known[rule]?.meta.docs.tier === 3 ? "warning" : "error", {
        file: path,
        line,
        col: column,
        endLine,
        endColumn,
        title: `mdc/${rule}`,
      }, message + offer);
    }),
    ...files.flatMap((file) => {
      const { path } = file;
      switch (file.status) {
        case "unparsable": {
          const { line, column, message } = file.problem;
          return [command("error", { file: path, line, col: column }, message)];
        }
        case "failed":
          return [command("error", { file: path }, file.error.message)];
        case "done":
          return [];
      }
    }),
    ...stale.map(({ path, rule, recorded, found }) =>
      command(
        "notice",
        { file: path },
        `mdc/${rule}: the baseline has ${recorded}, there are ${found}`,
      )
    ),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function command(
  name: string,
  properties: { readonly [key: string]: string | number },
  message: string,
): string {
  const pairs = Object.entries(properties)
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name} ${pairs.join(",")}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25")
    .replaceAll("\r", "%0D")
    .replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
