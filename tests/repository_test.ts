import { assertEquals, assertExists, assertGreater } from "@std/assert";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "./_harness.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

// In pieces, or this file would be the first to be found.
const REGISTRIES = [
  ["registry", "npmjs", "org"],
  ["registry", "yarnpkg", "com"],
  ["www", "npmjs", "com"],
  ["npm", "jsr", "io"],
  ["jsr", "io"],
  ["deno", "land"],
  ["npm", "pkg", "github", "com"],
].map((labels) => labels.join("."));

const MACHINE_PATHS = ["work", "root", "opt/mdc"].map((path) => `/${path}/`);

/** The lines of a text that contain a needle, none as part of a longer name. */
function linesWith(text: string, needles: readonly string[]): string[] {
  const found = needles.map((needle) =>
    new RegExp(`(?<![\\w.-])${needle.replaceAll(".", "\\.")}`)
  );
  return text.split("\n").flatMap((line, index) =>
    found.some((pattern) => pattern.test(line)) ? [`${index + 1}: ${line}`] : []
  );
}

/** Every committed file that the working tree still has, as text. */
function committedFiles(): { name: string; text: string }[] {
  // A checkout may belong to somebody else, as in a container.
  const args = ["-c", "safe.directory=*", "ls-files", "-z"];
  return execFileSync("git", args, { cwd: root })
    .toString().split("\0")
    .filter((name) => name !== "" && existsSync(join(root, name)))
    .map((name) => ({ name, text: readFileSync(join(root, name), "latin1") }));
}

function offences(needles: readonly string[]): Record<string, string[]> {
  const files = committedFiles();
  assertGreater(files.length, 0);
  return Object.fromEntries(
    files.map(({ name, text }) => [name, linesWith(text, needles)] as const)
      .filter(([, lines]) => lines.length > 0),
  );
}

test("no committed file names a package registry's host", () => {
  assertEquals(offences(REGISTRIES), {});
});

test("no committed file has an absolute path of a machine", () => {
  assertEquals(offences(MACHINE_PATHS), {});
});

test("the gate runs the test command of the README", () => {
  const gate = readFileSync(join(root, ".ci/run"), "utf8").trimEnd();
  const [, command] = /\nexec (npx .*?) <\/dev\/null$/.exec(gate) ?? [];
  assertExists(command);
  const readme = readFileSync(join(root, "README.md"), "utf8");
  assertEquals(readme.split("\n").includes(command), true, command);
});

test("every committed file names the same version of Deno", () => {
  const versions = committedFiles().flatMap(({ text }) =>
    text.match(/\bdeno@\d+\.\d+\.\d+/g) ?? []
  );
  assertEquals(new Set(versions).size, 1, [...new Set(versions)].join(", "));
});

test("linesWith() finds a needle, but not within a longer name", () => {
  const path = ["", "work", "main"].join("/");
  assertEquals(
    linesWith(`see net${path}\nsee ${path}\n"file://${path}"`, MACHINE_PATHS),
    [`2: see ${path}`, `3: "file://${path}"`],
  );
});
