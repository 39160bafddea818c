import { assert, assertEquals, assertMatch } from "@std/assert";
import { Progress } from "@mdc/tasks";
import { withVirtualClock } from "@mdc/tasks/testing";
import type { ShowProgressOptions } from "@mdc/devtools/console";
import process from "node:process";
import { test } from "../../tests/_harness.ts";
import { lookFor } from "../console/environment.ts";
import { amount, clockText } from "../console/figures.ts";
import { show } from "../console/show_progress.ts";
import type { ShownSource } from "../console/sources.ts";
import { column, columnAfter, fit, widthOf } from "../console/text_width.ts";
import { FakeTimers } from "./_timers.ts";

/** What is written where there is no terminal. */
function lines(source: ShownSource, options: ShowProgressOptions = {}) {
  let text = "";
  const stream = { write: (chunk: unknown) => (text += chunk).length > 0 };
  const timers = new FakeTimers();
  const display = show(source, { stream, live: false, ...options }, timers);
  return { display, timers, written: () => text.split("\n").slice(0, -1) };
}

/** Sets variables of the environment while `body` runs. */
function withEnv<T>(env: Record<string, string>, body: () => T): T {
  const names = ["CI", "NO_COLOR", "FORCE_COLOR", "TERM"];
  const before = names.map((name) => [name, process.env[name]] as const);
  try {
    for (const name of names) delete process.env[name];
    Object.assign(process.env, env);
    return body();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

test("showProgress() writes a line for each change of the stage, and one for the end", async () => {
  await withVirtualClock(async (clock) => {
    const progress = new Progress({ total: 10 });
    const { display, written } = lines({ name: "file", progress });
    assertEquals(written(), []);
    progress.update({ stage: "connect" });
    await clock.advance(500);
    progress.update({ stage: "load", completed: 5 });
    progress.update({ completed: 6 });
    await clock.advance(500);
    progress.update({ completed: 10 });
    progress.finish();
    display.stop();
    assertEquals(written(), [
      "file: connect, 0 %",
      "file: load, 50 %, 10/s, 0:01 left",
      "file: completed, 10 in 1.0 s",
    ]);
  });
});

test("showProgress() writes a line a second at most while the stage stays", () => {
  const progress = new Progress({ stage: "load" });
  const { display, timers, written } = lines({ name: "file", progress });
  for (let i = 0; i < 100; i++) {
    timers.advance(100);
    progress.advance();
  }
  assertEquals(written().length, 1 + 10);
  display.stop();
  assertMatch(written().at(-1)!, /^file: load, 100/);
});

test("showProgress() has no timer where it writes lines", () => {
  const progress = new Progress({ total: 3, stage: "load" });
  const { display, timers } = lines({ name: "file", progress });
  progress.advance();
  timers.advance(80);
  assertEquals(timers.size, 0);
  display.stop();
});

test("showProgress() counts in its last line what has become of all", () => {
  const parts = ["a", "b", "c"].map((name) => ({
    name,
    progress: new Progress(),
  }));
  const { display, written } = lines(parts);
  parts[0]!.progress.finish();
  parts[1]!.progress.finish("failed");
  display.stop();
  assertMatch(written()[0]!, /^a: completed in 0\.\d s$/);
  assertMatch(written()[1]!, /^b: failed in 0\.\d s$/);
  assertEquals(written()[2], "all: 1 of 3 done, 1 failed");
});

test("showProgress() writes hostile names on one line, without escape sequences", () => {
  const progress = new Progress({ stage: "\u001b[31mx\n\ud800" });
  const { display, written } = lines({
    name: `\u001b[2J\r\n${"x".repeat(1e6)}`,
    progress,
  });
  display.stop();
  assertEquals(written().length, 1);
  assert(written()[0]!.length < 400);
  assertMatch(
    written()[0]!,
    /^\\u001b\[2J\\u000d\\nx+… \(1000006 characters\): \\u001b\[31mx\\n\\ud800$/,
  );
});

test("showProgress() colours where FORCE_COLOR asks for it, in spite of NO_COLOR", () => {
  const terminal = { isTTY: true, write: () => true };
  const pipe = { write: () => true };
  const looks: [Record<string, string>, typeof pipe, boolean, boolean][] = [
    [{}, terminal, true, true],
    [{}, pipe, false, false],
    [{ NO_COLOR: "1" }, terminal, true, false],
    [{ NO_COLOR: "" }, terminal, true, true],
    [{ NO_COLOR: "1", FORCE_COLOR: "1" }, terminal, true, true],
    [{ FORCE_COLOR: "0" }, terminal, true, false],
    [{ FORCE_COLOR: "1" }, pipe, false, true],
    [{ CI: "true" }, terminal, false, true],
    [{ CI: "false" }, terminal, true, true],
    [{ TERM: "dumb" }, terminal, false, false],
  ];
  for (const [env, stream, live, colour] of looks) {
    const look = withEnv(env, () => lookFor(stream));
    assertEquals(look, { live, colour }, JSON.stringify(env));
  }
});

test("showProgress() colours the state of what has ended if asked to", () => {
  const progress = new Progress();
  const { display, written } = withEnv(
    { FORCE_COLOR: "1" },
    () => lines({ name: "file", progress }),
  );
  progress.finish("failed");
  display.stop();
  assert(written()[0]!.startsWith("file: \u001b[31mfailed\u001b[0m in"));
});

test("amount() says how many units in a few characters", () => {
  const shown = [0, 1, 999, 999.96, 1_000, 1_234, 123_456, 5e9, 1e30];
  assertEquals(shown.map((each) => amount(each, "items")), [
    "0",
    "1",
    "999",
    "1.0k",
    "1k",
    "1.2k",
    "123k",
    "5G",
    "1000000000000000P",
  ]);
  assertEquals(
    [0, 1_023, 1_024, 1_536, 5 * 2 ** 30].map((each) => amount(each, "bytes")),
    ["0 B", "1023 B", "1 KiB", "1.5 KiB", "5 GiB"],
  );
});

test("clockText() says a time as a clock does", () => {
  assertEquals(
    [0, 1, 59_001, 61_000, 3_600_000, 359_999_000, 1e12].map(clockText),
    ["0:00", "0:01", "1:00", "1:01", "1:00:00", "99:59:59", "> 99 h"],
  );
});

test("texts are cut and filled by the columns that they take", () => {
  assertEquals(fit("日本語", 6), "日本語");
  assertEquals(fit("日本語", 5), "日本…");
  assertEquals(fit("日本語", 4), "日…");
  assertEquals(fit("abc", 0), "");
  assertEquals(fit("👩‍👩‍👧👩‍👩‍👧", 3), "👩‍👩‍👧…");
  for (const text of ["日本語", "abc", "", "e\u0301e\u0301", "👩‍👩‍👧"]) {
    for (const columns of [0, 1, 2, 3, 4, 7]) {
      assertEquals(widthOf(column(text, columns)), columns, text);
    }
  }
});

test("columnAfter() knows where a terminal stands", () => {
  assertEquals(columnAfter("abc", 2), 5);
  assertEquals(columnAfter("abc\n", 2), 0);
  assertEquals(columnAfter("abc\nde", 2), 2);
  assertEquals(columnAfter("abc\rde", 2), 2);
  assertEquals(columnAfter("\u001b[31m日\u001b[0m", 0), 2);
  assertEquals(columnAfter("a\tb", 0), 9);
});
