import { assert, assertEquals, assertMatch } from "@std/assert";
import { Progress, sleep } from "@mdc/tasks";
import { test } from "../../tests/_harness.ts";
import { show } from "../console/show_progress.ts";
import { bars, named, names, work } from "./_bars.ts";
import { Screen } from "./_screen.ts";
import { FakeTimers } from "./_timers.ts";

test("showProgress() shows a bar with its name, part and stage, and keeps it at the end", () => {
  const progress = work();
  const { screen, display } = bars({ name: "file", progress });
  assertMatch(screen.text[0]!, /^ {2}file ─+ {5}0 % +load$/);
  assertEquals(screen.cursor, "hidden");
  progress.advance(5);
  display.stop();
  assertMatch(screen.text[0]!, /^ {2}file (━+)─\1? *─* +50 %/);
  assertEquals([screen.text.length, screen.cursor], [1, "shown"]);
  assertEquals(screen.listeners, 0);
});

test("showProgress() takes the bars away at the end when clear is set", () => {
  const { screen, display } = bars(work(), { clear: true });
  assertEquals(screen.text.length, 1);
  display.stop();
  assertEquals([screen.text, screen.cursor], [[], "shown"]);
});

test("showProgress() tells how work ended by a sign and a word", () => {
  const parts = named(3);
  const { screen, display } = bars(parts, { screen: new Screen(100, 12) });
  parts[0]!.progress.finish();
  parts[1]!.progress.finish("failed");
  parts[2]!.progress.finish("cancelled");
  display.stop();
  assertMatch(screen.text[0]!, /^✓ part 1/);
  assertMatch(screen.text[1]!, /^✗ part 2 .* failed$/);
  assertMatch(screen.text[2]!, /^■ part 3 .* cancelled$/);
  assertMatch(screen.text[3]!, /^✗ all .* 1 of 3 done, 1 failed, 1 canc…$/);
});

test("showProgress() says how many more there are than lines", () => {
  const { screen, display } = bars(named(15), { lines: 5 });
  assertEquals(names(screen), ["part 1", "part 2", "part 3", "…", "all"]);
  assertEquals(screen.text[3], "  … and 12 more");
  display.stop();
});

test("showProgress() takes one line if told so", () => {
  const { screen, display } = bars(named(3), { lines: 1 });
  assertEquals(names(screen), ["part 1"]);
  display.stop();
});

test("showProgress() never takes more lines than the terminal has", () => {
  const { screen, display } = bars(named(30), { screen: new Screen(60, 6) });
  assertEquals(screen.text.length, 5);
  assertEquals(screen.text[3], "  … and 27 more");
  display.stop();
});

test("showProgress() draws at most once in 80 ms, and without a change never", () => {
  const progress = new Progress();
  const { screen, timers, display } = bars(progress);
  let writes = 0;
  const { write } = screen;
  display.stop();
  const counted = new Screen();
  Object.assign(counted, {
    write: (text: string) => (writes++, write(text)),
  });
  const again = show(progress, { stream: counted, live: true }, timers);
  assertEquals(writes, 1);
  assertEquals(timers.size, 0);
  for (let i = 0; i < 1_000; i++) progress.advance();
  assertEquals([writes, timers.size], [1, 1]);
  timers.advance(80);
  assertEquals([writes, timers.size], [2, 0]);
  again.stop();
});

test("showProgress() has a timer of a second while there is a time to count down, and none after that", async () => {
  const progress = work();
  const { timers, display } = bars(progress);
  assertEquals(timers.size, 0);
  await sleep(2); // There is no rate without time.
  progress.advance();
  timers.advance(80);
  assertEquals(timers.size, 1);
  timers.advance(1_000);
  assertEquals(timers.size, 1);
  progress.finish();
  timers.advance(80);
  assertEquals(timers.size, 0);
  display.stop();
});

test("showProgress() writes what others write above the bars", () => {
  const { screen, display } = bars({ name: "file", progress: work() });
  screen.write("one\n");
  screen.write("two ");
  screen.write(new TextEncoder().encode("parts\nthree\n"));
  assertEquals(screen.text.slice(0, 3), ["one", "two parts", "three"]);
  assertMatch(screen.text[3]!, /^ {2}file ─/);
  screen.write("open");
  display.stop();
  assertEquals(screen.text[3], "open");
  assertEquals(screen.text.length, 5);
});

test("showProgress() goes on with a line that others began, also one as wide as the terminal", () => {
  const { screen, display } = bars(work(), { screen: new Screen(10, 12) });
  screen.write("0123456789");
  screen.write("abc");
  screen.write("def\n");
  assertEquals(screen.text.slice(0, 2), ["0123456789", "abcdef"]);
  display.stop();
  assertEquals(screen.text.length, 3);
});

test("showProgress() leaves a text alone that is written in another encoding", () => {
  const written: unknown[][] = [];
  const stream = {
    isTTY: true,
    write: (...args: unknown[]) => written.push(args) > 0,
  };
  const display = show(work(), { stream, live: true }, new FakeTimers());
  (stream.write as (...args: unknown[]) => boolean)("6f6b0a", "hex");
  display.stop();
  assertEquals(written.filter(([chunk]) => chunk === "6f6b0a"), [
    ["6f6b0a", "hex"],
  ]);
});

test("showProgress() gives the stream its write() back", () => {
  const screen = new Screen();
  const before = screen.write;
  const { display } = bars(work(), { screen });
  assert(screen.write !== before);
  display.stop();
  assert(screen.write === before);
  screen.write("after\n");
  assertEquals(screen.text.at(-1), "after");
});

test("showProgress() draws anew when the terminal has another size", () => {
  const parts = named(3);
  const { screen, timers, display } = bars(parts, {
    screen: new Screen(60, 60),
  });
  screen.write("before\n");
  timers.advance(100);
  for (const columns of [30, 17, 60, 8]) {
    screen.resize(columns);
    timers.advance(100);
    assertEquals(screen.text[0], "before");
    assertEquals(screen.text.length, 5, screen.text.join("\n"));
    for (const line of screen.text.slice(1)) {
      assert(line.length < columns, `"${line}"`);
    }
  }
  display.stop();
});

test("showProgress() keeps columns in line with names of wide characters", () => {
  const { screen, display } = bars([
    { name: "日本語のファイル", progress: work() },
    { name: "👩‍👩‍👧 e\u0301", progress: work() },
    { name: "ascii", progress: work() },
  ]);
  const ends = screen.raw.split("\n").map((line) => line.indexOf("─"));
  assertEquals(ends.filter((at) => at < 0).length, 1);
  const [first] = screen.text;
  assertMatch(first!, /^ {2}日本語のファイル /);
  display.stop();
});

test("showProgress() writes hostile names and stages out, on one line", () => {
  const evil = "\u001b[2J\u001b]0;title\u0007\r\n\ud800<b>" + "x".repeat(1e6);
  const progress = new Progress({ stage: evil });
  const { screen, display } = bars({ name: evil, progress });
  progress.update({ stage: `${evil}2` });
  display.stop();
  assertEquals(screen.text.length, 1);
  assert(screen.text[0]!.length < 60);
  assertMatch(screen.text[0]!, /^ {2}\\u001b\[2J/);
  assert(!screen.raw.includes("\u0007"));
  assert(!screen.raw.includes("\u001b[2J"));
});

test("showProgress() breaks nobody when the terminal is gone, and says so once", () => {
  const told: unknown[] = [];
  const { error } = console;
  console.error = (...words: unknown[]) => told.push(words[0]);
  try {
    const progress = work();
    const stream = {
      isTTY: true,
      write: () => {
        throw new Error("EIO");
      },
    };
    const timers = new FakeTimers();
    const display = show(progress, { stream, live: true }, timers);
    for (let i = 0; i < 3; i++) {
      progress.advance();
      timers.advance(80);
    }
    display.stop();
    assertEquals(told, ["Cannot show progress (told once):"]);
  } finally {
    console.error = error;
  }
});
