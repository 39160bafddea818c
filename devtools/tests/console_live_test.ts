import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import {
  createTask,
  Progress,
  sleep,
  TaskGroup,
  TaskTracker,
} from "@mdc/tasks";
import { showProgress, type ShowProgressOptions } from "@mdc/devtools/console";
import process from "node:process";
import { test } from "../../tests/_harness.ts";
import { show } from "../console/show_progress.ts";
import type { ShownSource } from "../console/sources.ts";
import { Screen } from "./_screen.ts";
import { FakeTimers } from "./_timers.ts";

/** Bars on a screen, with timers that the test lets go off. */
function bars(
  source: ShownSource | undefined,
  { screen = new Screen(60, 12), ...options }: ShowProgressOptions & {
    screen?: Screen;
  } = {},
) {
  const timers = new FakeTimers();
  const all = { stream: screen, live: true, ...options };
  const display = show(source, all, timers);
  return { screen, timers, display };
}

const work = (total = 10) => new Progress({ total, stage: "load" });
const named = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    name: `part ${i + 1}`,
    progress: work(),
  }));
const names = (screen: Screen) =>
  screen.text.map((line) => line.match(/^. (\S+( \d+)?)/)?.[1]);

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

test("showProgress() shows the tasks of a tracker as they come and go, and the whole", async () => {
  const tracker = new TaskTracker();
  const { screen, timers, display } = bars(tracker);
  const start = (name: string) =>
    tracker.spawn(async ({ progress }) => {
      progress.update({ total: 2, completed: 1 });
      await sleep(60_000);
    }, { name });
  const [one] = [start("one"), start("two")];
  timers.advance(100);
  assertEquals(names(screen), ["one", "two", "all"]);
  one.cancel();
  await one.catch(() => {});
  start("three");
  timers.advance(100);
  assertEquals(names(screen), ["two", "three", "all"]);
  await tracker.cancelAll();
  display.stop();
  assertEquals(screen.text.length, 1);
});

test("showProgress() shows a group as one bar, the sum over its children", async () => {
  await TaskGroup.run(async (group) => {
    const { screen, timers, display } = bars([{ name: "g", progress: group }]);
    group.spawn(({ progress }) => progress.update({ total: 4, completed: 4 }));
    await group.join();
    timers.advance(100);
    assertMatch(screen.text[0]!, /^✓ g .* 100 %/);
    display.stop();
  });
});

test("showProgress() without a source shows all tasks that report progress", async () => {
  const { screen, timers, display } = bars(undefined);
  assertEquals(screen.text, []);
  const silent = createTask(() => sleep(60_000), { name: "silent" });
  const owner = createTask(async () => {
    await createTask(async ({ progress }) => {
      progress.update({ total: 4, completed: 1, stage: "copy" });
      await sleep(60_000);
    }, { name: "inner" });
  }, { name: "owner" });
  timers.advance(100);
  assertEquals(names(screen), ["inner"]);
  for (const task of [silent, owner]) {
    task.cancel();
    await task.catch(() => {});
  }
  timers.advance(100);
  assertEquals(screen.text, []);
  display.stop();
  assertEquals(screen.cursor, "shown");
});

test("showProgress() refuses a second one on the same terminal, until the first has stopped", () => {
  const screen = new Screen();
  const { display } = bars(work(), { screen });
  const error = assertThrows(() => bars(work(), { screen }), Error);
  assertEquals(
    error.message,
    "Cannot show progress: this terminal has bars already",
  );
  display.stop();
  display.stop();
  bars(work(), { screen }).display[Symbol.dispose]();
});

test("showProgress() refuses what has no progress, and wrong options", () => {
  const wrong: unknown[] = [
    null,
    5,
    "x",
    {},
    [null],
    [{ name: "x" }],
    () => {},
  ];
  for (const source of wrong) {
    const error = assertThrows(
      () => showProgress(source as ShownSource),
      TypeError,
    );
    assertMatch(error.message, /^Cannot show progress: expected a Progress/);
  }
  const options: [object, RegExp][] = [
    [{ lines: 0 }, /^Cannot use lines: expected 1 or more, received 0$/],
    [{ lines: "5" }, /^Cannot use lines: expected a number, received 5$/],
    [{ live: "yes" }, /^Cannot use live: expected true or false, received yes/],
    [{ clear: 1 }, /^Cannot use clear: expected true or false, received 1$/],
    [{ unit: "km" }, /^Cannot use unit: expected "bytes" or "items", received/],
    [{ stream: {} }, /^Cannot use stream: /],
    [{ wat: 1 }, /unknown option "wat"/],
  ];
  const listeners = process.listenerCount("exit");
  for (const [option, message] of options) {
    const error = assertThrows(() => showProgress(work(), option), Error);
    assertMatch(error.message, message);
  }
  assertEquals(process.listenerCount("exit"), listeners);
});
