/** What the command does with the risk of edits, and with files it leaves. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "../../tests/_harness.ts";
import { RIGHT, withProject, WRONG } from "./_project.ts";

/** A dropped promise whose handler is safe, and a loop whose check is not. */
const MIXED = `export function start(): void {
  fetch("https://example.com");
}

export async function poll(signal: AbortSignal): Promise<void> {
  for (const each of [1, 2]) await work(each);
}
`;
const SAFE = MIXED.replace('com");', 'com").catch(console.error);');
const ALL = SAFE.replace(
  "  for (const each of [1, 2]) await work(each);",
  "  for (const each of [1, 2]) { signal.throwIfAborted(); await work(each); }",
);

test("--write makes only what is safe, --risk review the rest as well", async () => {
  await withProject(async ({ run, write, read }) => {
    await write("main.ts", MIXED);
    const first = await run(["--write"]);
    assertEquals(first.code, 1);
    assertEquals(await read("main.ts"), SAFE);
    assertMatch(first.out, /1 edit to be read: --risk review/);
    assertMatch(
      first.out,
      /\n {4}Throw at the start .* review: what was opened/,
    );
    const second = await run(["--write", "--risk", "review"]);
    assertEquals(second.code, 0);
    assertEquals(await read("main.ts"), ALL);
  });
});

test("each hunk says which rule, what is wrong, how risky the edit is and why", async () => {
  await withProject(async ({ run, write }) => {
    await write("main.ts", MIXED);
    const { out } = await run(["--risk", "review"]);
    assertMatch(
      out,
      /^@@ .* @@ mdc\/no-untracked-promise: The promise of `fetch` .* \(safe: nothing waits for it.*; mdc\/require-loop-cancellation-check: .* \(review: /m,
    );
  });
});

test("the text ends with a summary by rule", async () => {
  await withProject(async ({ run, write }) => {
    await write("main.ts", MIXED);
    const { out } = await run([]);
    assertMatch(out, /^rule +findings +can be edited +to be read$/m);
    assertMatch(out, /^no-untracked-promise +1 +1 +0$/m);
    assertMatch(out, /^require-loop-cancellation-check +1 +0 +1$/m);
  });
});

test("--format json, github and sarif give the risk and the reason", async () => {
  await withProject(async ({ run, write }) => {
    await write("main.ts", MIXED);
    const json = JSON.parse((await run(["--format", "json"])).out);
    assertEquals(json.risk, "safe");
    assertEquals(
      json.findings.map((
        { edit }: { edit: { risk: string; why: string } },
      ) => [edit.risk, edit.why.length > 10]),
      [["safe", true], ["review", true]],
    );
    const github = (await run(["--format", "github"])).out;
    assertMatch(github, /Append a rejection handler\. \(safe: nothing waits/);
    assertMatch(github, /is aborted\. \(review: what was opened/);
    const sarif = JSON.parse((await run(["--format", "sarif"])).out);
    const { results } = sarif.runs[0];
    assertEquals(
      results.map((each: { properties: { risk: string } }) =>
        each.properties.risk
      ),
      ["safe", "review"],
    );
    assertMatch(results[0].fixes[0].description.text, /\(safe: nothing waits/);
  });
});

test("--interactive asks rule by rule through all files, also about what has to be read", async () => {
  await withProject(async ({ run, write, read }) => {
    await write("a.ts", MIXED);
    await write("b.ts", MIXED);
    const asked: string[] = [];
    const { code, out } = await run(["--interactive", "--format", "json"], {
      decide: ({ rule, edit }) => {
        asked.push(`${rule} ${edit?.risk}`);
        return Promise.resolve("accept");
      },
    });
    assertEquals(asked, [
      "no-untracked-promise safe",
      "no-untracked-promise safe",
      "require-loop-cancellation-check review",
      "require-loop-cancellation-check review",
    ]);
    assertEquals(code, 0);
    assertEquals([await read("a.ts"), await read("b.ts")], [ALL, ALL]);
    const [file] = JSON.parse(out).files;
    assertEquals([file.applied.length, file.written], [2, true]);
  });
});

test("--interactive with --risk safe asks about nothing else", async () => {
  await withProject(async ({ run, write, read }) => {
    await write("a.ts", MIXED);
    await run(["--interactive", "--risk", "safe"], {
      decide: () => Promise.resolve("accept"),
    });
    assertEquals(await read("a.ts"), SAFE);
  });
});

test("--risk says what it expects", async () => {
  await withProject(async ({ run, write }) => {
    await write("main.ts", RIGHT);
    const { code, error } = await run(["--risk", "none"]);
    assertEquals(code, 2);
    assertMatch(error, /expected safe or review, received "none"/);
  });
});

test("tests, generated, minified and vendored files are told, but not edited", async () => {
  await withProject(async ({ folder, run, write, read }) => {
    await mkdir(join(folder, "vendor"));
    await mkdir(join(folder, "tests"));
    const names = {
      "main_test.ts": WRONG,
      "tests/help.ts": WRONG,
      "vendor/lib.ts": WRONG,
      "api.ts": `// Code generated by a tool. DO NOT EDIT.\n${WRONG}`,
      "old.js": `/* eslint-disable */\n${
        WRONG.replaceAll(": Promise<void>", "")
      }`,
      "lib.min.js": WRONG.replaceAll(": Promise<void>", ""),
      "dense.js": `const x = "${"x".repeat(6000)}";\n${
        WRONG.replaceAll(": Promise<void>", "")
      }`,
    };
    for (const [name, text] of Object.entries(names)) await write(name, text);
    const { code, out } = await run(["--write", "--format", "json"]);
    assertEquals(code, 1);
    const { files } = JSON.parse(out);
    assertEquals(
      files.map((each: { path: string; leftOut: string }) => [
        each.path,
        each.leftOut,
      ]),
      [
        ["api.ts", "generated"],
        ["dense.js", "minified"],
        ["lib.min.js", "minified"],
        ["main_test.ts", "test"],
        ["old.js", "generated"],
        ["tests/help.ts", "test"],
        ["vendor/lib.ts", "vendored"],
      ],
    );
    for (const [name, text] of Object.entries(names)) {
      assertEquals(await read(name), text);
    }
    const text = await run([]);
    assertMatch(text.out, /left 2 test files as found: --include-tests/);
    await run(["--write", "--include-tests"]);
    assertEquals(await read("main_test.ts"), RIGHT);
    assertEquals(await read("vendor/lib.ts"), WRONG);
    await run(["--write", "vendor/lib.ts"]);
    assertEquals(await read("vendor/lib.ts"), RIGHT);
  });
});

test("--ignore leaves out globs and folders, at any depth", async () => {
  await withProject(async ({ folder, run, write }) => {
    await mkdir(join(folder, "src", "old"), { recursive: true });
    await write("src/old/a.ts", WRONG);
    await write("src/b.gen.ts", WRONG);
    await write("src/c.ts", WRONG);
    const { out } = await run(
      ["--ignore", "src/old/", "--ignore", "*.gen.ts", "--format", "json"],
    );
    assertEquals(
      JSON.parse(out).files.map(({ path }: { path: string }) => path),
      ["src/c.ts"],
    );
  });
});

test("components say what to install", async () => {
  await withProject(async ({ run, write }) => {
    await write("main.ts", RIGHT);
    await write("app.vue", "<script>fetch(1)</script>\n");
    const below = await run([]);
    assertEquals(below.code, 0);
    assertMatch(below.out, /1 component not looked at\. .*vue-eslint-parser/);
    const named = await run(["app.vue"]);
    assertEquals(named.code, 2);
    assertMatch(named.out, /app\.vue failed .*vue-eslint-parser.*--config/);
  });
});

test("no await is written at the top of a CommonJS file", async () => {
  await withProject(async ({ run, write, read }) => {
    await write("package.json", '{ "name": "x" }');
    await write("main.js", "async function f() {}\nf();\n");
    await write("other.js", 'const x = require("x");\nx.then(f);\n');
    await run(["--write", "--risk", "review"]);
    const texts = await read("main.js") + await read("other.js");
    assertEquals(texts.includes("await"), false);
    assertStringIncludes(texts, ".catch(");
  });
});

for (
  const [name, text, written] of [
    ["deno.json", '{"lint":{"rules":{"include":["no-console"]}}}', MIXED],
    ["deno.json", '{"lint":{"rules":{"exclude":["no-console"]}}}', SAFE],
    ["eslint.config.js", '[{ rules: { "no-console": ["error"] } }]', MIXED],
    ["eslint.config.js", '[{ rules: { "no-console": "off" } }]', SAFE],
  ] as const
) {
  test(`a handler that prints heeds the project's lint: ${name} ${text}`, async () => {
    await withProject(async ({ run, write, read }) => {
      await write(name, text);
      await write("main.ts", MIXED);
      await run(["--write"]);
      assertEquals(await read("main.ts"), written);
    });
  });
}
