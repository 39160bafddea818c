import { assert, assertEquals } from "@std/assert";
import { test } from "./_harness.ts";
import { codeBlocks, readText } from "./_markdown.ts";
import { output, programs } from "./_programs.ts";

const PAGE = "docs/from_asyncio.md";

/** The headings of the original's README that have a snippet of Python. */
const HEADINGS = [
  "Event-Based Task Waiting",
  "Task Tracking",
  "Cancellation Propagation",
  "Lingering Task Cleanup",
  "Always check for cancellation",
  "Set events in finally blocks",
  "Re-raise CancelledError",
  "Use TaskTracker for automatic removal",
];

for (const heading of HEADINGS) {
  test(`seed: ${heading}`, async () => {
    const own = programs(PAGE).filter(({ block }) => block.heading === heading);
    assert(own.length > 0);
    for (const { block, printed } of own) {
      assertEquals(await output(block.code), printed);
    }
  });
}

test("seed: every snippet of Python stands before its translation", () => {
  const blocks = codeBlocks(readText(PAGE));
  const translated = blocks.flatMap(({ info, heading }, index) =>
    info === "python" && blocks[index + 1]?.info === "ts" ? [heading] : []
  );
  assertEquals(translated, HEADINGS);
});
