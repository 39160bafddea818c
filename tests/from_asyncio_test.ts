import { assert, assertEquals, assertFalse } from "@std/assert";
import { isExported, modules } from "./_exports.ts";
import { test } from "./_harness.ts";
import { codeBlocks, readText, tableRows } from "./_markdown.ts";
import { output, programs } from "./_programs.ts";

const PAGE = "docs/from_asyncio.md";
const TABLES = [
  "The original's API",
  "Task",
  "Event, sleep and time",
  "Queues and locks",
  "Several at a time",
];

for (const heading of TABLES.slice(1)) {
  test(`${PAGE}: "${heading}" prints what the page says`, async () => {
    const own = programs(PAGE).filter(({ block }) => block.heading === heading);
    assertEquals(own.length, 1);
    for (const { block, printed } of own) {
      assertEquals(await output(block.code), printed);
    }
  });
}

test(`${PAGE} shows the output of every program`, () => {
  const all = codeBlocks(readText(PAGE)).filter(({ info }) => info === "ts");
  assertEquals(programs(PAGE).map(({ block }) => block), all);
});

/** Whose members the page writes with these names. */
const OWNERS: Record<string, string> = {
  event: "AsyncEvent",
  tracker: "TaskTracker",
  group: "TaskGroup",
  semaphore: "Semaphore",
  lock: "Lock",
  channel: "Channel",
};

const TASK_MEMBERS = new Set([
  "cancel",
  "cancelRequested",
  "cancelled",
  "done",
  "exception",
  "finally",
  "name",
  "outcome",
  "result",
  "status",
]);

/** Words of a cell that are code but no names of ours. */
const OTHERS = new Set([
  "AggregateError",
  "Infinity",
  "await task",
  "completionEvent",
  "cancelEvent",
  "context.progress",
  "timeout",
]);

/** Whether a piece of code in the column "Here" begins with a name of ours. */
function isOurs(code: string): boolean {
  const call = code.replace(/^(await|new|for await \(… of) /, "");
  const [path = ""] = call.match(/^[\w.]+/) ?? [];
  const [owner = "", member = ""] = path.split(".");
  if (owner === "task") return TASK_MEMBERS.has(member);
  const ownerName = OWNERS[owner];
  return isExported(ownerName === undefined ? path : `${ownerName}.${member}`);
}

for (const heading of TABLES) {
  test(`${PAGE}: "${heading}" names only what is exported`, () => {
    const rows = tableRows(readText(PAGE), heading);
    assert(rows.length > 5);
    const wrong = rows
      .flatMap(([, here = ""]) => [...here.matchAll(/`([^`]+)`/g)])
      .map(([, code = ""]) => code)
      .filter((code) => !OTHERS.has(code) && !isOurs(code));
    assertEquals(wrong, []);
  });
}

test(`${PAGE}: a name that isn't exported is found`, () => {
  for (const code of ["task.uncancel()", "gather([a])", "event.isClear"]) {
    assertFalse(isOurs(code));
  }
});

test(`${PAGE} has the seed's functions and class under their new names`, () => {
  const names = Object.keys(modules["@mdc/tasks"]!);
  for (
    const name of [
      "waitWithCancellation",
      "cancelAndWait",
      "TaskTracker",
      "propagateCancellation",
      "cleanupLingeringTasks",
    ]
  ) assert(names.includes(name), name);
});

test("the members of Task that the page names exist", async () => {
  const { createTask } = await import("../mod.ts");
  const task = createTask(() => 1);
  await task;
  assertEquals([...TASK_MEMBERS].filter((name) => !(name in task)), []);
});
