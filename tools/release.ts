/**
 * Everything of a release but the upload: checks what JSR would get, makes the
 * tarballs for npm, and prints what each would send.
 *
 *     deno task release --dry-run
 *
 * The upload itself is done by CI, which can prove where a package was built;
 * docs/publishing.md says how.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { publishList } from "./file_registry.ts";
import { pack } from "./pack.ts";
import { ownPackages, readConfig, root } from "./workspace.ts";

if (process.argv.slice(2).join() !== "--dry-run") {
  console.error("Usage: deno task release --dry-run");
  process.exit(2);
}

const versions = new Set(
  ownPackages().map(({ folder }) => readConfig(folder).version),
);
if (versions.size !== 1) {
  console.error(`The packages have versions of their own: ${[...versions]}`);
  process.exit(1);
}

const target = join(root, ".tools", "packed");
for (const each of ownPackages()) {
  const { version } = readConfig(each.folder);
  const files = publishList(each.folder);
  console.log(`\n${each.name}@${version} to JSR, ${files.length} files:`);
  for (const path of files) {
    const { size } = statSync(join(root, each.folder, path));
    console.log(`  ${path} (${size} B)`);
  }
  const tarball = pack(each, target);
  const names = execFileSync("tar", ["tzf", tarball], { encoding: "utf8" })
    .trim().split("\n");
  const { size } = statSync(tarball);
  console.log(
    `${each.name}@${version} to npm, ${names.length} files, ${size} B:`,
  );
  for (const name of names) console.log(`  ${name}`);
}
console.log("\nNothing was sent.");
