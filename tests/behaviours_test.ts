import { assert, assertEquals, assertMatch } from "@std/assert";
import { test } from "./_harness.ts";
import { codeBlocks, readText, tableRows } from "./_markdown.ts";
import { output, programs } from "./_programs.ts";

const PAGE = "docs/behaviours.md";
const SECTIONS = [
  "asyncio: tasks",
  "asyncio: waiting",
  "asyncio: timeouts",
  "asyncio: events",
  "asyncio: task groups",
  "asyncio: the runner",
  "asyncio: diagnostics",
  "anyio and trio",
  "Lessons from their failures",
  "What their users ask for",
  "Sentences of 0.2",
];

/** Whether a test file has a test of this name. */
function declares(file: string, name: string): boolean {
  return readText(`tests/${file}`).includes(`"${name}",`);
}

for (const heading of SECTIONS) {
  test(`${PAGE}: the tests of "${heading}" exist`, () => {
    const rows = tableRows(readText(PAGE), heading);
    assert(rows.length > 0);
    for (const [theirs, mark = "", , named = ""] of rows) {
      assertMatch(mark, /^(same|differs|instead)$/, theirs);
      const [, file = "", name = ""] =
        /^`(\w+_test\.ts)`: "(.+)"$/.exec(named) ??
          [];
      assert(declares(file, name), `no test "${name}" in tests/${file}`);
    }
  });
}

test(`${PAGE} has no table that escapes the tests`, () => {
  const headings = readText(PAGE).match(/^## .+$/gm) ?? [];
  assertEquals(headings.map((line) => line.slice(3)), [
    "What errors look like",
    ...SECTIONS,
  ]);
});

for (const { block, printed } of programs(PAGE)) {
  test(`${PAGE}: "${block.heading}" prints what the page says`, async () => {
    assertEquals(await output(block.code), printed);
  });
}

test(`${PAGE} shows the output of every program`, () => {
  const all = codeBlocks(readText(PAGE)).filter(({ info }) => info === "ts");
  assertEquals(programs(PAGE).map(({ block }) => block), all);
});

test("declares() knows a test that isn't there", () => {
  assertEquals(declares("behaviours_test.ts", "a test of this name"), false);
});
