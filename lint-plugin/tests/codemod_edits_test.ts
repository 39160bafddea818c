/** The engine: from a text to a text, with rules of the tests' own. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { TSESTree as ES } from "@typescript-eslint/utils";
import { test } from "../../tests/_harness.ts";
import { defineRule } from "../host/define_rule.ts";
import { codemod, rewrite } from "../codemod.ts";
import type { FileReport, RewrittenFile, Rule } from "../codemod.ts";
import { withProject } from "./_project.ts";

/** A rule that has one edit for each identifier that it finds by its name. */
function replacing(from: string, to: string): Rule {
  return defineRule(from, {
    tier: 1,
    description: from,
    defaults: {},
    messages: { found: `${from} is found` },
    suggestions: { edit: `Write ${to}` },
    create: (context) => ({
      Identifier(node: ES.Identifier) {
        if (node.name !== from) return;
        context.report({
          node,
          messageId: "found",
          suggest: [{
            messageId: "edit",
            risk: "safe",
            why: "it is a test",
            fix: (fixer) => fixer.replaceText(node, to),
          }],
        });
      },
    }),
  });
}

/** What becomes of a file under these rules. */
async function edit(
  text: string,
  definitions: Readonly<Record<string, Rule>>,
): Promise<RewrittenFile> {
  let result: FileReport | undefined;
  await withProject(async ({ folder, write }) => {
    await write("main.ts", text);
    const report = await codemod({ cwd: folder, definitions });
    result = report.files[0];
  });
  if (result?.status !== "done") throw new Error(JSON.stringify(result));
  return result;
}

test("codemod() makes edits until none is left", async () => {
  const { after, applied, remaining } = await edit("a;\nb;\na;\n", {
    "one": replacing("a", "b"),
    "two": replacing("b", "c"),
  });
  assertEquals(after, "c;\nc;\nc;\n");
  assertEquals(applied.length, 5);
  assertEquals(remaining, []);
});

test("codemod() makes one of two edits that overlap, and then looks again", async () => {
  const { after, applied } = await edit("a;\n", {
    "one": replacing("a", "b"),
    "two": replacing("a", "c"),
  });
  assertEquals(applied.length, 1);
  assertEquals(["b;\n", "c;\n"].includes(after), true);
});

test("codemod() drops an edit after which the file would not parse, and makes the others", async () => {
  const { after, dropped, remaining } = await edit("a;\nx;\na;\n", {
    "good": replacing("a", "b"),
    "bad": replacing("x", "("),
  });
  assertEquals(after, "b;\nx;\nb;\n");
  assertEquals(dropped.map(({ why, finding }) => [why, finding.rule]), [
    ["breaks-syntax", "bad"],
  ]);
  assertEquals(remaining.length, 1);
});

test("codemod() drops the edits of rules that undo each other, and makes the others", async () => {
  const { after, dropped } = await edit("a;\nx;\n", {
    "there": replacing("a", "b"),
    "back": replacing("b", "a"),
    "other": replacing("x", "y"),
  });
  assertEquals(after, "a;\ny;\n");
  assertEquals(dropped.map(({ why }) => why), ["unstable"]);
});

test("codemod() comes to an end for a rule whose edits make more of it", async () => {
  const { after, dropped } = await edit("a;\n", {
    "growing": replacing("a", "a, a"),
  });
  assertEquals(after, "a;\n");
  assertEquals(dropped.map(({ why }) => why), ["unstable"]);
});

test("codemod() drops an edit that puts await where it is no syntax", async () => {
  const { after, dropped } = await edit("export function f() {\n  a;\n}\n", {
    "awaiting": replacing("a", "await a"),
  });
  assertStringIncludes(after, "  a;");
  assertEquals(dropped.map(({ why }) => why), ["breaks-syntax"]);
});

test("codemod() drops an edit that puts await into a parameter or a field", async () => {
  const text = `export async function f(b = a) {
  return class {
    c = a;
  };
}
`;
  const { after, dropped } = await edit(text, {
    "awaiting": replacing("a", "await a"),
  });
  assertEquals(after, text);
  assertEquals(dropped.map(({ why }) => why), [
    "breaks-syntax",
    "breaks-syntax",
  ]);
});

test("rewrite() gives the text with all edits, and what was found", async () => {
  const result = await rewrite(
    "async function f() {}\nexport async function g() {\n  f();\n}\n",
  );
  if (result.status !== "parsed") throw new Error(result.problem.message);
  assertStringIncludes(result.output, "  await f();");
  assertEquals(result.found.map(({ rule, line }) => [rule, line]), [
    ["no-untracked-promise", 3],
  ]);
  assertEquals(result.remaining, []);
});

test("rewrite() says where a text is not valid", async () => {
  const result = await rewrite("let = ;\n");
  assertEquals(result.status, "unparsable");
  if (result.status === "unparsable") assertEquals(result.problem.line, 1);
});

test("rewrite() doesn't mind a comment that ESLint has given up", async () => {
  const result = await rewrite("/* eslint-env mocha */\nlet a;\n");
  assertEquals(result.status, "parsed");
});
