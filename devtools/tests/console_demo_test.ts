import { assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import { test } from "../../tests/_harness.ts";
import { inTerminal } from "./_terminal.ts";

const demo = fileURLToPath(
  new URL("../../examples/task_management_demo.ts", import.meta.url),
);

test("the demo shows its downloads as bars in a terminal", async () => {
  const { code, screen } = await inTerminal(demo, ["--only", "progress"]);
  const start = screen.text.findIndex((line) => line.includes("part-1.bin"));
  const bars = screen.text.slice(start, start + 5);
  for (const [i, line] of bars.slice(0, 4).entries()) {
    assertMatch(line, new RegExp(`^✓ part-${i + 1}\\.bin ━+ {3}100 %`));
  }
  assertMatch(bars[4]!, /^✓ all +━+ {3}100 % +4 of 4 done$/);
  assertEquals(screen.text[start + 5], "  together        completed, 2560 KiB");
  assertEquals([code, screen.cursor], [0, "shown"]);
});
