import { assert, assertEquals } from "@std/assert";
import { Linter } from "eslint";
import { readFileSync } from "node:fs";
import { test } from "../../tests/_harness.ts";
import plugin from "../mod.ts";
import { TEST_CODE } from "../rules/test_code.ts";

const { recommended, tests } = plugin.configs;

function lint(code: string): string[] {
  const configs = [
    recommended,
    { files: ["**/*_test.js"], ...tests },
  ] as unknown as Linter.Config[];
  return new Linter().verify(code, configs, { filename: "a_test.js" })
    .map(({ ruleId, severity }) => `${ruleId} ${severity}`);
}

test("configs.tests names every rule, so that it narrows any other config", () => {
  assertEquals(
    Object.keys(tests?.rules ?? {}).sort(),
    Object.keys(plugin.rules).map((name) => `mdc/${name}`).sort(),
  );
});

test("configs.tests reports a promise that a test drops", () => {
  assertEquals(
    lint('test("x", () => { fetch(url); });'),
    ["mdc/no-untracked-promise 2"],
  );
});

test("configs.tests lets a test pass a signal that nobody aborts", () => {
  assertEquals(
    lint("const f = (signal) => { signal.addEventListener('abort', go); };"),
    [],
  );
});

test("configs.tests lets a test catch a cancellation to look at it", () => {
  const code = "async function f(signal) { try { return await g(signal); } " +
    "catch (e) { if (signal.aborted) return null; throw e; } }";
  assertEquals(lint(code), []);
});

test("configs.tests warns of a handler that swallows everything", () => {
  const code = "async function f(signal) { try { return await g(signal); } " +
    "catch { return null; } }";
  assertEquals(lint(code), ["mdc/no-swallowed-cancellation 1"]);
});

test("the README names the rules of configs.tests", () => {
  const page = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const table = page.slice(page.indexOf("| in `tests`"));
  for (const rule of Object.keys(TEST_CODE)) {
    assert(table.slice(0, table.indexOf("\n\n")).includes(rule), rule);
  }
});
