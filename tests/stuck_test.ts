import { assertEquals } from "@std/assert";
import { formatStuck } from "../mod.ts";
import { test } from "./_harness.ts";

test("formatStuck() writes a line for each task, with age, last wait and place", () => {
  const text = formatStuck({
    signal: "SIGTERM",
    grace: 5000,
    tasks: [
      {
        name: "poller",
        id: 7,
        age: 61_000,
        place: "    at poll (poller.ts:12:3)\n    at main.ts:4:1",
        checkpoint: "sleep()",
        idle: 250.4,
      },
      { name: "legacy", id: 8, age: 999.4 },
    ],
  });
  assertEquals(
    text,
    `2 tasks have not ended within 5.0 s after SIGTERM:
  task "poller": 61.0 s old, last wait: sleep(), 250 ms ago
    created
      at poll (poller.ts:12:3)
      at main.ts:4:1
  task "legacy": 999 ms old, has not waited in this library`,
  );
});

test("formatStuck() leaves out what is not known", () => {
  const text = formatStuck({
    signal: undefined,
    grace: 50,
    tasks: [{ name: "forgotten", id: 1, place: "" }],
  });
  assertEquals(
    text,
    `1 task has not ended within 50 ms after the end of the program:
  task "forgotten": has not waited in this library`,
  );
});
