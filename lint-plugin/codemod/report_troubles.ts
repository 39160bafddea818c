/** What a run could not do, and what to do about it. */
import type picocolors from "picocolors";
import { editable } from "./edits.ts";
import type { CodemodReport, FileReport } from "./file_report.ts";
import { parserFor } from "./find_files.ts";
import type { DroppedEdit } from "./types.ts";

type Colors = ReturnType<typeof picocolors.createColors>;

/** A line for what could not be read, and one for each edit that was dropped. */
export function troublesOf(
  file: FileReport,
  { red, yellow }: Colors,
): string[] {
  switch (file.status) {
    case "unparsable": {
      const { line, column, message } = file.problem;
      return [`${file.path}:${line}:${column} ${red("unparsable")} ${message}`];
    }
    case "failed":
      return [`${file.path} ${red("failed")} ${file.error.message}`];
    case "done":
      return file.dropped.map((drop) => {
        const { rule, line, column } = drop.finding;
        return `${file.path}:${line}:${column} ${
          yellow("dropped")
        } an edit of ` +
          rule + reasonOfDrop(drop);
      });
  }
}

function reasonOfDrop({ why, detail = "" }: DroppedEdit): string {
  switch (why) {
    case "unstable":
      return ", whose edits never come to an end";
    case "breaks-syntax":
      return ", after which the file would not parse";
    case "breaks-types":
      return `: adds ${detail}`;
  }
}

/** Files that were not edited, or not even looked at, and what to do. */
export function leftOutOf({ files, unread }: CodemodReport): string[] {
  const counts = new Map<string, number>();
  for (const file of files) {
    if (file.status !== "done" || !file.leftOut) continue;
    if (editable(file.found, file.before, "review").length === 0) continue;
    counts.set(file.leftOut, (counts.get(file.leftOut) ?? 0) + 1);
  }
  const lines = [...counts].map(([why, number]) =>
    `left ${count(number, `${why} file`)} as found: ${
      why === "test" ? "--include-tests" : "name them"
    } to edit`
  );
  const first = unread[0];
  const missing = first === undefined ? undefined : parserFor(first);
  return missing === undefined ? lines : [
    ...lines,
    `${count(unread.length, "component")} not looked at. ${missing}`,
  ];
}

/** Why types were not checked, and for how many files. */
export function uncheckedOf({ unchecked }: CodemodReport): string[] {
  const counts = new Map<string, number>();
  for (const { why } of unchecked) counts.set(why, (counts.get(why) ?? 0) + 1);
  return [...counts].map(([why, number]) =>
    `types of ${count(number, "edited file")} not checked: ${why}`
  );
}

/** A number of things in words. */
export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
