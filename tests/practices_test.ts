import { existsSync, readdirSync } from "node:fs";
import { assertEquals, assertMatch } from "@std/assert";
import { isExported } from "./_exports.ts";
import { test } from "./_harness.ts";
import { readText, tableRows } from "./_markdown.ts";

const rules = new URL("../lint-plugin/rules/", import.meta.url);
const rows = [
  "Tier 1: critical",
  "Tier 2: important",
  "Tier 3: nice to have",
  "Guidelines",
  "From the original's README",
].flatMap((heading) => tableRows(readText("docs/practices.md"), heading))
  .map(([practice = "", api = "", rule = "", tests = ""]) => ({
    practice,
    api,
    rule,
    tests,
  }));

/** The code spans of a cell, and whether "(to come)" follows. */
function spans(cell: string): { name: string; toCome: boolean }[] {
  return [...cell.matchAll(/`([^`]+)`( \(to come\))?/g)].map((
    [, name = "", mark],
  ) => ({ name, toCome: mark !== undefined }));
}

const missing =
  (holds: (name: string) => boolean) =>
  ({ name, toCome }: { name: string; toCome: boolean }): boolean =>
    holds(name) === toCome;

test("docs/practices.md has all practices and guidelines", () => {
  const numbers = rows.map(({ practice }) => practice.split(".")[0]);
  const twelve = Array.from({ length: 12 }, (_, index) => `${index + 1}`);
  assertEquals(numbers, [...twelve, "G1", "G2", "R1", "R2", "R3", "R4"]);
});

for (const { practice, api, rule, tests } of rows) {
  test(`docs/practices.md: the API of "${practice}" is exported`, () => {
    const named = spans(api);
    assertEquals(named.filter(missing(isExported)), []);
    assertEquals(named.length > 0, true);
  });

  test(`docs/practices.md: the rules of "${practice}" exist or are to come`, () => {
    const named = spans(rule);
    const exists = (name: string) => existsSync(new URL(`${name}.ts`, rules));
    assertEquals(named.filter(missing(exists)), []);
    if (named.length === 0) assertEquals(rule, "–");
  });

  test(`docs/practices.md: the tests of "${practice}" exist`, () => {
    for (const named of tests.split("; `")) {
      assertMatch(named, /^`?\w+_test\.ts`: ".+"$/);
      const [file = "", name = ""] = named.replaceAll("`", "").split(/: "/);
      const declared = readText(`tests/${file}`).replaceAll(/\s+/g, " ");
      const title = name.slice(0, -1);
      assertEquals(
        [`test("${title}",`, `test( "${title}",`].some((call) =>
          declared.includes(call)
        ),
        true,
        `no test "${title}" in tests/${file}`,
      );
    }
  });
}

test("docs/practices.md names every rule of the lint plugin", () => {
  const named = rows.flatMap(({ rule }) => spans(rule)).map(({ name }) => name);
  const existing = existsSync(rules)
    ? readdirSync(rules)
      .filter((file) => /^[a-z-]+\.ts$/.test(file) && file !== "mod.ts")
      .map((file) => file.slice(0, -3))
    : [];
  assertEquals(existing.filter((name) => !named.includes(name)), []);
});
