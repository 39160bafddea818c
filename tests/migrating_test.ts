import { assert, assertEquals } from "@std/assert";
import { isExported } from "./_exports.ts";
import { test } from "./_harness.ts";
import { readText, tableRows } from "./_markdown.ts";

const PAGE = "docs/migrating.md";
const TABLES = [
  "From AbortController, Promise.all and setTimeout",
  "From p-queue, p-limit, p-retry, bottleneck and async-mutex",
  "From trio and anyio",
  "From asyncio",
  "From Effect",
  "From effection",
];

/** Whose members the page writes with these names. */
const OWNERS: Record<string, string> = {
  group: "TaskGroup",
  scope: "CancelScope",
};

/** Words of the column "Here" that are JavaScript's own. */
const PLATFORM = new Set([
  "async () => { … }",
  "await task",
  "context.signal",
  "finally",
  "try",
]);

function isOurs(code: string): boolean {
  const [path = ""] = code.replace(/^new /, "").match(/^[\w.]+/) ?? [];
  const [owner = "", member = ""] = path.split(".");
  const ownerName = OWNERS[owner];
  return isExported(ownerName === undefined ? path : `${ownerName}.${member}`);
}

for (const heading of TABLES) {
  test(`${PAGE}: "${heading}" names only what is exported`, () => {
    const rows = tableRows(readText(PAGE), heading);
    assert(rows.length > 10);
    const unknown = rows.flatMap(([, here = ""]) =>
      [...here.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code)
    ).filter((code) => !PLATFORM.has(code) && !isOurs(code));
    assertEquals(unknown, []);
  });
}

test(`${PAGE}: a name that isn't exported is found`, () => {
  assertEquals(
    ["group.spawn(body)", "group.launch(body)", "nursery"].map(isOurs),
    [true, false, false],
  );
});
