/**
 * Writes the reports of the public API into docs/api; with `--check` it
 * compares them instead, so that a change of the API shows as a change there.
 *
 * @module
 */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { apiReport } from "./api_report.ts";
import { ownPackages, root } from "./workspace.ts";

const folder = join(root, "docs", "api");
const reports = new Map(
  ownPackages().flatMap(({ entries }) =>
    Object.entries(entries).map(([specifier, path]) => [
      `${specifier.slice(1).replaceAll("/", "_")}.txt`,
      `${specifier}\n\n${apiReport(join(root, path))}\n`,
    ])
  ),
);

if (process.argv.includes("--check")) {
  const wrong = [...reports].filter(([name, report]) => read(name) !== report)
    .map(([name]) => name);
  const surplus = readdirSync(folder).filter((name) => !reports.has(name));
  for (const name of [...wrong, ...surplus]) {
    console.error(`docs/api/${name} differs from the code: deno task api`);
  }
  if (wrong.length + surplus.length > 0) process.exitCode = 1;
} else {
  mkdirSync(folder, { recursive: true });
  for (const [name, report] of reports) {
    writeFileSync(join(folder, name), report);
  }
}

function read(name: string): string | undefined {
  const path = join(folder, name);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
