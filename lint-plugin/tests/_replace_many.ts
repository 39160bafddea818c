/**
 * Replaces every file of a folder by the content of another file, and prints a
 * dot for each: the program that `codemod_kill_test.ts` kills.
 */
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { replaceFile } from "../codemod/replace_file.ts";

const [, , folder = "", content = ""] = process.argv;
const to = await readFile(content);
for (const name of readdirSync(folder).filter((each) => /^\d/.test(each))) {
  const path = join(folder, name);
  await replaceFile(path, { from: await readFile(path), to });
  process.stdout.write(".");
}
