/** What a runtime's callbacks have as their current task. */
export interface CallbackColumn {
  runtime: string;
  owners: Readonly<Record<string, string>>;
}

/** The page of the table. */
export const PAGE = "docs/semantics.md";

const BEGIN = "<!-- begin callbacks -->";
const END = "<!-- end callbacks -->";

/** The table as Markdown, a column for each runtime. */
export function callbackTable(columns: readonly CallbackColumn[]): string {
  const [first] = columns;
  const rows = [
    ["callback", ...columns.map(({ runtime }) => runtime)],
    ...Object.keys(first?.owners ?? {}).map((what) => [
      what,
      ...columns.map(({ owners }) => owners[what] ?? ""),
    ]),
  ];
  const widths = rows[0]!.map((_, column) =>
    Math.max(...rows.map((row) => row[column]!.length))
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  const rule = widths.map((width) => "-".repeat(width));
  return [rows[0]!, rule, ...rows.slice(1)].map(line).join("\n");
}

/** Where the table stands in a page. */
function place(page: string): { from: number; to: number } {
  const from = page.indexOf(BEGIN) + BEGIN.length;
  const to = page.indexOf(END);
  if (from < BEGIN.length || to < from) {
    throw new TypeError(`Cannot find the table: ${BEGIN} … ${END} expected`);
  }
  return { from, to };
}

/** Puts the table between its markers. */
export function insertCallbacks(page: string, table: string): string {
  const { from, to } = place(page);
  return `${page.slice(0, from)}\n\n${table}\n\n${page.slice(to)}`;
}

/** The columns of the table in a page. */
export function readCallbacks(page: string): CallbackColumn[] {
  const { from, to } = place(page);
  const [head = [], , ...rows] = page.slice(from, to).trim().split("\n")
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  return head.slice(1).map((runtime, i) => ({
    runtime,
    owners: Object.fromEntries(rows.map((row) => [row[0]!, row[i + 1]!])),
  }));
}
