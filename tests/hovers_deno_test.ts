/** What an editor shows of a symbol, asked as editors ask. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { test } from "./_harness.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The example of the first symbol of that name in a source, as in its hover. */
function hover(source: string, name: string): string {
  const file = "hover.ts";
  const service = ts.createLanguageService({
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (path) =>
      path === file ? ts.ScriptSnapshot.fromString(source) : undefined,
    getCurrentDirectory: () => "",
    getCompilationSettings: () => ({ noLib: true }),
    getDefaultLibFileName: () => "",
    fileExists: (path) => path === file,
    readFile: () => undefined,
  });
  const info = service.getQuickInfoAtPosition(
    file,
    source.search(new RegExp(`(?<=(function|class|const) )${name}\\b`)),
  );
  const example = info?.tags?.find((tag) => tag.name === "example");
  return ts.displayPartsToString(example?.text);
}

/** The indented lines of code in a JSDoc comment. */
function indented(source: string): string[] {
  const [, code = ""] = source.match(/\* ```ts\n([^]*?)```/) ?? [];
  return code.split("\n").map((line) => line.replace(/^ \*( |$)/, ""))
    .filter((line) => /^ +\S/.test(line));
}

for (
  const [name, path] of Object.entries({
    createTask: "src/task/create_task.ts",
    AsyncEvent: "src/event.ts",
    TaskGroup: "src/group/group.ts",
  })
) {
  test(`the hover of ${name} keeps the indentation of its example`, () => {
    const source = readFileSync(root + path, "utf8");
    const start = source.search(
      new RegExp(`^export (function|class) ${name}\\b`, "m"),
    );
    const comment = source.slice(source.lastIndexOf("/**", start), start);
    const expected = indented(comment);
    assertGreater(expected.length, 0);
    const shown = hover(source, name);
    assertEquals(
      expected.filter((line) => !shown.split("\n").includes(line)),
      [],
      shown,
    );
  });
}

test("the caption of an example has a line of its own, which keeps the margin", () => {
  const files = globSync(["*.ts", "{src,lint-plugin}/**/*.ts"], { cwd: root })
    .filter((path) => !/node_modules|\/(tests|scripts)\//.test(path));
  const lines = files.flatMap((path) =>
    readFileSync(root + path, "utf8").split("\n")
      .filter((line) => /^\s*\* @example\s+\S/.test(line))
      .map((line) => `${path}: ${line.trim()}`)
  );
  assert(files.length > 0);
  assertEquals(lines, []);
});
