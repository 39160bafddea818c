/**
 * Lints `defects/` and `fixed/` with ESLint, oxlint and `deno lint`, and shows
 * that all three find the same: `deno task demo:lint`.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "../../lint-plugin/scripts/build.ts";
import {
  lintWithDeno,
  lintWithEslint,
  lintWithOxlint,
} from "../../lint-plugin/scripts/hosts.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));

const built = await build(join(HERE, "..", "..", ".tools", "eslint-plugin"));

const hosts: [string, (folder: string) => Promise<string[]>][] = [
  ["ESLint", lintWithEslint],
  ["oxlint", (folder) => lintWithOxlint(folder, built)],
  ["deno lint", lintWithDeno],
];

const found: string[] = [];
for (const [host, lint] of hosts) {
  const defects = await lint(join(HERE, "defects"));
  const rest = await lint(join(HERE, "fixed"));
  console.log(`${host}: ${defects.length} in defects, ${rest.length} in fixed`);
  for (const each of [...defects, ...rest]) console.log(`  ${each}`);
  found.push([...defects, "fixed:", ...rest].join("\n"));
}

const isSame = found.every((each) => each === found[0]);
console.log(isSame ? "All three agree." : "They do not agree!");
if (!isSame) Deno.exit(1);
