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

test("formatStuck() says what is waited for, where, in which shield, and how often a cancellation was ignored", () => {
  const text = formatStuck({
    signal: "SIGINT",
    grace: 5000,
    tasks: [
      {
        name: "closer",
        id: 1,
        age: 900,
        place: "at main.ts:4:1",
        checkpoint: 'task "flush"',
        idle: 250,
        waitPlace: "    at close (closer.ts:7:3)",
        waitsFor: { kind: "task", name: "flush", id: 2 },
        shields: [
          { name: "shield-1", rest: 1200 },
          { name: "shield-2", rest: Infinity },
        ],
        reason: {
          kind: "parent",
          source: { name: "pool", id: 9 },
          at: 0,
          cause: {
            kind: "explicit",
            message: "maintenance",
            at: 0,
            place: "at admin.ts:8:2",
          },
        },
      },
      {
        name: "flush",
        id: 2,
        checkpoint: "sleep()",
        idle: 5,
        ignored: { times: 15, ago: 5 },
        reason: { kind: "signal", message: "SIGINT", at: 0 },
      },
      { name: "once", id: 3, ignored: { times: 1, ago: 40 } },
    ],
    cycles: [[{ name: "closer", id: 1 }, { name: "flush", id: 2 }]],
  });
  assertEquals(
    text,
    `3 tasks have not ended within 5.0 s after SIGINT:
  task "closer": 900 ms old, waits for task "flush" since 250 ms, in shield "shield-1" for another 1.2 s, in shield "shield-2" without a limit
    created
      at main.ts:4:1
    waits
      at close (closer.ts:7:3)
    cancelled with its parent "pool" <- cancelled: maintenance
      at admin.ts:8:2
  task "flush": last wait: sleep(), 5 ms ago, has ignored its cancellation 15 times, last 5 ms ago
  task "once": has not waited in this library, has ignored its cancellation once, last 40 ms ago
  tasks that wait for each other: "closer" -> "flush" -> "closer"`,
  );
});
