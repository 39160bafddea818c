import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { createTask, sleep, TaskGroup, TaskTracker } from "@mdc/tasks";
import { showProgress } from "@mdc/devtools/console";
import process from "node:process";
import { test } from "../../tests/_harness.ts";
import type { ShownSource } from "../console/sources.ts";
import { bars, names, work } from "./_bars.ts";
import { Screen } from "./_screen.ts";

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
  timers.advance(1_100);
  assertEquals(names(screen), ["inner"]);
  for (const task of [silent, owner]) {
    task.cancel();
    await task.catch(() => {});
  }
  timers.advance(1_100);
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
