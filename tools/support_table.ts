import type { StageResult } from "./runner.ts";
import { compilers, frameworks, runtimes, type Tool } from "./runtimes.ts";

/** A row: what is supported, and the stages that prove each column. */
interface Support {
  title: string;
  version: string;
  /** The whole suite, or what of it is portable, from the sources. */
  source?: readonly string[];
  /** A program that uses the installed package. */
  installed?: readonly string[];
}

/** What is supported: the rows of the table, by the stages of the gate. */
export function supported(deno: string): Support[] {
  const node = ({ title, version }: Tool, source?: string): Support => ({
    title,
    version,
    ...(source === undefined ? {} : { source: [source] }),
    installed: ["npm"],
  });
  return [
    {
      title: `Deno ${deno.replace(/\.\d+$/, "")}`,
      version: deno,
      source: ["unit"],
      installed: ["jsr"],
    },
    node(runtimes.node24, "node24"),
    node(runtimes.node22, "node22"),
    node(runtimes.node20),
    node(runtimes.bun, "bun"),
    {
      title: "Workers",
      version: "all above",
      source: ["unit", "node24", "node22", "bun"],
      installed: ["npm"],
    },
    { title: "Chromium", version: "Debian's", source: ["browser"] },
    ...[frameworks.jest, frameworks.vitest].map(({ title, version }) => ({
      title,
      version,
      installed: ["frameworks"],
    })),
    ...compilers.toReversed().map((compiler) => node(compiler)),
  ];
}

/** Whether a stage has run tests, and none of them failed. */
export function hasPassed(
  results: readonly StageResult[],
  stage: string,
): boolean {
  return results.some(({ name, passed, failed }) =>
    name === stage && passed > 0 && failed === 0
  );
}

/** The table as Markdown, with a mark where all stages have passed. */
export function supportTable(
  deno: string,
  passed: (stage: string) => boolean,
): string {
  const mark = (stages?: readonly string[]) =>
    stages === undefined ? "–" : stages.every(passed) ? "✓" : "fails";
  const rows = [
    ["", "tested with", "tests", "as installed"],
    ...supported(deno).map(({ title, version, source, installed }) => [
      title,
      version,
      mark(source),
      mark(installed),
    ]),
  ];
  const widths = rows[0]!.map((_, column) =>
    Math.max(...rows.map((row) => row[column]!.length))
  );
  const lines = rows.map((row) =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`
  );
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

const BEGIN = "<!-- begin support -->";
const END = "<!-- end support -->";

/** Puts the table between its markers. */
export function insertTable(page: string, table: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new TypeError(`Cannot insert the table: ${BEGIN} … ${END} expected`);
  }
  return `${page.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${
    page.slice(end)
  }`;
}
