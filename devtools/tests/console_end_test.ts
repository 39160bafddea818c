import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { test } from "../../tests/_harness.ts";
import { inTerminal } from "./_terminal.ts";

const program = fileURLToPath(
  new URL("programs/console_program.ts", import.meta.url),
);

const LINES = [
  "line 1 by console.log",
  "line 2 in two parts",
  "line 3 by console.error",
  "line 4 as bytes",
  "line 5 with a format",
];

const BAR = /^ {2}work ━+ {3}100 %/;

const ends = {
  "is stopped": ["stop", 0],
  "ends without stopping it": ["nothing", 0],
  "calls exit()": ["exit", 3],
  "gets a SIGINT": ["SIGINT", 130],
  "gets a SIGTERM": ["SIGTERM", 143],
  "throws": ["throws", 1],
  "has an unhandled rejection": ["rejects", 1],
  "has a failed task": ["task", 0],
} as const;

for (const [what, [how, expected]] of Object.entries(ends)) {
  test(`showProgress() restores the terminal when the program ${what}`, async () => {
    const { code, screen } = await inTerminal(program, [how]);
    assertEquals(screen.text.slice(0, 5), LINES, screen.raw);
    const bars = screen.text.filter((line) => BAR.test(line));
    assertEquals(bars.length, 1, screen.text.join("\n"));
    assert(screen.raw.includes("\u001b[?25l"), "it was hidden");
    assertEquals(screen.cursor, "shown");
    assertEquals(code, expected);
  });
}

test("showProgress() writes lines when CI is set, also in a terminal", async () => {
  const { screen } = await inTerminal(program, ["stop"], { CI: "true" });
  assert(!screen.raw.includes("\u001b"), screen.raw);
  assertEquals(screen.text[0], "work: work, 0 %");
  assertEquals(screen.text.filter((line) => line.startsWith("line")), LINES);
});
