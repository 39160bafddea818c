import { readFileSync } from "node:fs";

/** A fenced code block. */
export interface CodeBlock {
  /** What stands after the opening fence. */
  readonly info: string;
  readonly code: string;
  /** The heading that it stands under. */
  readonly heading: string;
  /** The first line of the code, counted from 1. */
  readonly line: number;
}

/** A file of the repository, by its path from the root. */
export function readText(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
}

/** The fenced code blocks of a Markdown text, in order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let heading = "";
  let open: { info: string; line: number; lines: string[] } | undefined;
  for (const [index, text] of markdown.split("\n").entries()) {
    if (text.startsWith("```")) {
      if (open === undefined) {
        open = { info: text.slice(3), line: index + 2, lines: [] };
        continue;
      }
      const { info, line, lines } = open;
      const code = lines.map((each) => `${each}\n`).join("");
      blocks.push({ info, code, heading, line });
      open = undefined;
    } else if (open !== undefined) {
      open.lines.push(text);
    } else if (text.startsWith("#")) {
      heading = text.replace(/^#+ /, "");
    }
  }
  return blocks;
}

/** The cells of the table rows under a heading, without its header rows. */
export function tableRows(markdown: string, heading: string): string[][] {
  const lines = markdown.split("\n");
  const start = lines.findIndex((line) =>
    line.startsWith("#") && line.replace(/^#+ /, "") === heading
  );
  const section = lines.slice(start + 1);
  const next = section.findIndex((line) => line.startsWith("#"));
  return section
    .slice(0, next === -1 ? undefined : next)
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}
