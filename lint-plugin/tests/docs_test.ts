import { assertEquals, assertThrows } from "@std/assert";
import * as parser from "@typescript-eslint/parser";
import { Linter } from "eslint";
import { REPOSITORY } from "../../tools/package_facts.ts";
import plugin from "../mod.ts";
import { recipes } from "../recipes/mod.ts";
import {
  getDocuments,
  getPagePath,
  getRecipePath,
  insertParts,
} from "../scripts/docs.ts";
import { rewriteBy } from "./_recipe.ts";

const SECTIONS = [
  "Why",
  "Incorrect",
  "Correct",
  "Options",
  "Suggestion",
  "When not to use it",
];

const linter = new Linter();

interface Sample {
  readonly section: string;
  readonly code: string;
}

function getSections(page: string): string[] {
  return [...page.matchAll(/^## (.+)$/gm)].map((each) => each[1] ?? "");
}

function getSamples(page: string): Sample[] {
  const samples: Sample[] = [];
  for (const part of page.split(/^## /m).slice(1)) {
    const heading = part.slice(0, part.indexOf("\n"));
    for (const match of part.matchAll(/```tsx?\n([\s\S]*?)```/g)) {
      const before = part.slice(0, match.index).trimEnd();
      // What an option reports or accepts is announced before its sample.
      const section = heading !== "Options"
        ? heading
        : before.endsWith("this is reported:")
        ? "Incorrect"
        : "Correct";
      samples.push({ section, code: match[1] ?? "" });
    }
  }
  return samples;
}

/** How often the rule reports the sample; its options may stand in it. */
function countReports(rule: string, code: string): number {
  const messages = linter.verify(code, [{
    files: ["**/*.tsx"],
    plugins: { mdc: plugin },
    languageOptions: {
      parser,
      parserOptions: { ecmaFeatures: { jsx: true } },
    },
    rules: { [`mdc/${rule}`]: "error" },
  }] as unknown as Linter.Config[], { filename: "sample.tsx" });
  for (const { ruleId, message } of messages) {
    assertEquals(ruleId, `mdc/${rule}`, `${message}\n${code}`);
  }
  return messages.length;
}

Deno.test("generated parts of the pages and the README are up to date", async () => {
  for (const { path, text, expected } of await getDocuments()) {
    assertEquals(text, expected, `run scripts/docs.ts: ${path}`);
  }
});

Deno.test("insertParts() throws when a marker is missing", () => {
  assertThrows(
    () => insertParts("# Title", [{ name: "rules", text: "" }]),
    Error,
    "Cannot write rules: its markers are missing",
  );
});

const RECIPE_SECTIONS = [
  "Before",
  "After",
  "What it keeps",
  "What it changes",
  "What it leaves alone",
];

/** Without white space and what a formatter adds. */
function squeeze(code: string): string {
  return code.replace(/\s+/g, "").replace(/,(?=[)\]}])/g, "");
}

for (const { name, rule } of recipes) {
  Deno.test(`page of the recipe ${name} shows what it makes`, async () => {
    const path = getRecipePath(name);
    const folders = path.slice(path.lastIndexOf("/lint-plugin/") + 1);
    assertEquals(rule.meta.docs.url, `${REPOSITORY}/blob/main/${folders}`);
    const page = await Deno.readTextFile(path);
    assertEquals(getSections(page), RECIPE_SECTIONS);
    const [before, after] = [...page.matchAll(/```ts\n([\s\S]*?)```/g)]
      .map((each) => each[1] ?? "");
    const made = await rewriteBy(name, before ?? "");
    assertEquals(squeeze(made.after), squeeze(after ?? ""), made.after);
    assertEquals(made.left, []);
  });
}

for (const [rule, { meta }] of Object.entries(plugin.rules)) {
  Deno.test(`the address of ${rule} is its page in the repository of the package`, async () => {
    const path = getPagePath(rule);
    const folders = path.slice(path.lastIndexOf("/lint-plugin/") + 1);
    assertEquals(meta.docs.url, `${REPOSITORY}/blob/main/${folders}`);
    assertEquals((await Deno.stat(path)).isFile, true);
  });

  Deno.test(`page of ${rule} has its sections in order`, async () => {
    const page = await Deno.readTextFile(getPagePath(rule));
    const sections = getSections(page).filter((each) =>
      SECTIONS.includes(each)
    );
    assertEquals(sections, SECTIONS);
  });

  Deno.test(`page of ${rule} has incorrect code that the rule reports`, async () => {
    const page = await Deno.readTextFile(getPagePath(rule));
    const samples = getSamples(page).filter(({ section }) =>
      section === "Incorrect"
    );
    assertEquals(samples.length > 0, true);
    for (const { code } of samples) {
      assertEquals(countReports(rule, code) > 0, true, code);
    }
  });

  Deno.test(`page of ${rule} has correct code that the rule accepts`, async () => {
    const page = await Deno.readTextFile(getPagePath(rule));
    const samples = getSamples(page).filter(({ section }) =>
      section === "Correct"
    );
    assertEquals(samples.length > 0, true);
    for (const { code } of samples) {
      assertEquals(countReports(rule, code), 0, code);
    }
  });
}
