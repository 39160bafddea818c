import { existsSync, readdirSync, readFileSync } from "node:fs";
import { assert, assertEquals } from "@std/assert";
import { isExported, modules } from "./_exports.ts";
import { test } from "./_harness.ts";
import { codeBlocks, readText, tableRows } from "./_markdown.ts";
import { output, programs } from "./_programs.ts";

const root = new URL("../", import.meta.url);
const pages = [
  "README.md",
  ...readdirSync(new URL("docs/", root))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

for (const path of ["README.md", "docs/semantics.md"]) {
  for (const { block, printed } of programs(path)) {
    test(`${path}: "${block.heading}" prints what the page says`, async () => {
      assertEquals(await output(block.code), printed);
    });
  }
}

test("docs/semantics.md shows the output of every program", () => {
  const path = "docs/semantics.md";
  const all = codeBlocks(readText(path)).filter(({ info }) => info === "ts");
  assert(all.length > 0);
  assertEquals(programs(path).map(({ block }) => block), all);
});

// `deno test --doc` type-checks and runs the blocks that are marked "ts" and
// nothing else. What docs/ci.md shows is run by tests/e2e/ci_docs_test.ts.
test("README.md and docs/ have no TypeScript that escapes the tests", () => {
  const others = pages.filter((path) => path !== "docs/ci.md");
  const escaped = others.flatMap((path) =>
    codeBlocks(readText(path))
      .filter(({ info }) => /^(js|ts|typescript|javascript)\b/.test(info))
      .filter(({ info }) => info !== "ts")
      .map(({ line }) => `${path}:${line}`)
  );
  assertEquals(escaped, []);
});

test("README.md has every exported value in its table, and no other", () => {
  const names = tableRows(readText("README.md"), "Primitives")
    .flatMap(([name = ""]) => [...name.matchAll(/`([^`]+)`/g)])
    .map(([, name = ""]) => name);
  const exported = Object.keys(modules["@mdc/tasks"]!);
  assertEquals(names.toSorted(), exported.toSorted());
});

for (const entry of ["@mdc/tasks/testing", "@mdc/tasks/flow"]) {
  test(`README.md names every value of ${entry}`, () => {
    const readme = readText("README.md");
    const names = Object.keys(modules[entry]!);
    assertEquals(names.filter((name) => !readme.includes(`\`${name}\``)), []);
  });
}

test("docs/glossary.md says what things are called in the code", () => {
  const sources = readdirSync(new URL("src/", root), {
    recursive: true,
    encoding: "utf8",
  })
    .filter((name) => name.endsWith(".ts") && !name.startsWith("core"))
    .map((name) => readText(`src/${name}`)).join("");
  const words = new Set(sources.match(/\w+/g));
  const wrong = tableRows(readText("docs/glossary.md"), "Terms")
    .flatMap((cells) => [...(cells.at(-1) ?? "").matchAll(/`([^`]+)`/g)])
    .map(([, code = ""]) => code)
    .filter((code) =>
      code !== "AggregateError" && !isExported(code) &&
      !code.match(/\w+/g)?.every((word) => words.has(word))
    );
  assertEquals(wrong, []);
});

test("README.md names the commands that the gate runs", () => {
  const readme = readText("README.md");
  const [deno] = readText(".ci/run").match(/npx -y deno@[\d.]+/) ?? [];
  const commands = readme.match(/npx -y deno@.+/g);
  assertEquals(commands, [
    `${deno} task demo`,
    `${deno} task test`,
    `${deno} task test:all`,
  ]);
});

/** The anchors of a page, as the usual renderers make them. */
function anchors(markdown: string): string[] {
  return markdown.split("\n")
    .filter((line) => line.startsWith("#"))
    .map((line) =>
      line.replace(/^#+ /, "").toLowerCase()
        .replaceAll(/[^\w\- ]/g, "")
        .replaceAll(" ", "-")
    );
}

test("README.md and docs/ have links that lead somewhere", () => {
  const broken = pages.flatMap((path) => {
    const text = readText(path).replaceAll(/```.*?\n```/gs, "");
    return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = ""]) => target)
      .filter((target) => !target.includes("://"))
      .filter((target) => {
        const [file = "", anchor] = target.split("#");
        const url = new URL(file, new URL(path, root));
        if (file !== "" && !existsSync(url)) return true;
        return anchor !== undefined &&
          !anchors(readFileSync(url, "utf8")).includes(anchor);
      })
      .map((target) => `${path}: ${target}`);
  });
  assertEquals(broken, []);
});
