import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/workspace.ts";

const FOLDER = join(root, "examples", "lint", "defects");

/** One defect for each rule of tier 1: the texts, by the names of the files. */
export const defects: Readonly<Record<string, string>> = Object.fromEntries(
  readdirSync(FOLDER).map((name) => [
    name,
    readFileSync(join(FOLDER, name), "utf8"),
  ]),
);

/** The rules in order: each defect has the name of its own. */
export const rules: readonly string[] = Object.keys(defects)
  .map((name) => name.replace(/\.ts$/, "").replaceAll("_", "-"))
  .sort();
