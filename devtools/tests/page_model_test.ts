import { assertAlmostEquals, assertEquals } from "@std/assert";
import { test } from "../../tests/_harness.ts";
import { Model } from "../page/model.ts";
import { ticks, timeText, TimeWindow } from "../page/time_window.ts";
import { rowAfterKey } from "../page/tree_keys.ts";
import type { Span } from "../recording/span.ts";

function span(id: string, owner?: string, more: Partial<Span> = {}): Span {
  return {
    id,
    kind: "task",
    name: `task ${id}`,
    ...(owner === undefined ? {} : { owner }),
    begin: Number(id),
    earlier: false,
    shielded: false,
    status: "running",
    waits: [],
    droppedWaits: 0,
    ...more,
  };
}

/** 1 owns 2 and 4, 2 owns 3; 5 belongs to nobody. */
function model(): Model {
  const made = new Model();
  made.update([
    span("1"),
    span("2", "1"),
    span("3", "2"),
    span("4", "1", {
      reason: [{ kind: "explicit", message: "Enough", at: 0 }],
    }),
    span("5", "gone"),
  ], 10);
  return made;
}

const ids = (of: readonly { span: Span }[]) => of.map(({ span: { id } }) => id);

test("a timeline shows rows below their owners, and those of nobody at the top", () => {
  const { visible } = model();
  assertEquals(ids(visible), ["1", "2", "3", "4", "5"]);
  assertEquals(visible.map(({ depth }) => depth), [0, 1, 2, 1, 0]);
});

test("folding a row hides everything below it, and revealing shows it again", () => {
  const made = model();
  made.fold(made.row("1")!, true);
  assertEquals(ids(made.visible), ["1", "5"]);
  made.reveal(made.row("3")!);
  assertEquals(ids(made.visible), ["1", "2", "3", "4", "5"]);
  made.foldAll(true);
  assertEquals(ids(made.visible), ["1", "5"]);
});

test("what is folded stays folded when new data comes", () => {
  const made = model();
  made.fold(made.row("2")!, true);
  made.update([span("1"), span("2", "1"), span("3", "2"), span("6")], 20);
  assertEquals(ids(made.visible), ["1", "2", "6"]);
});

test("a search finds names and reasons, whatever the case", () => {
  const made = model();
  assertEquals(ids(made.search("TASK 3")), ["3"]);
  assertEquals(ids(made.search("enough")), ["4"]);
  assertEquals(made.search("  "), []);
});

test("keys move in the tree as in every tree of the platform", () => {
  const made = model();
  const from = (id: string | undefined, key: string) =>
    rowAfterKey(key, made, made.row(id), 10)?.span.id;
  assertEquals(from(undefined, "ArrowDown"), "1");
  assertEquals(from("1", "ArrowDown"), "2");
  assertEquals(from("1", "ArrowUp"), "1");
  assertEquals(from("3", "ArrowLeft"), "2");
  assertEquals(from("2", "ArrowRight"), "3");
  assertEquals(from("2", "End"), "5");
  assertEquals(from("4", "Home"), "1");
  assertEquals(from("1", "PageDown"), "5");
  assertEquals(from("1", "x"), undefined);
});

test("a time window zooms around a point, pans, and stays in the recording", () => {
  const time = new TimeWindow();
  time.setAll(100);
  time.zoom(0.5, 0.25);
  assertEquals([time.from, time.to], [12.5, 62.5]);
  time.pan(-10);
  assertEquals([time.from, time.to], [0, 50]);
  time.zoom(100);
  assertEquals([time.from, time.to, time.isFit], [0, 100, true]);
});

test("a time window that shows everything goes on doing so when the recording grows", () => {
  const time = new TimeWindow();
  time.setAll(100);
  time.setAll(200);
  assertEquals([time.from, time.to], [0, 200]);
  time.zoom(0.5);
  time.setAll(400);
  assertEquals([time.from, time.to], [50, 150]);
});

test("ticks() gives round times", () => {
  assertEquals(ticks(0, 100, 5), [0, 20, 40, 60, 80, 100]);
  for (const [i, at] of ticks(0.0003, 0.00109, 4).entries()) {
    assertAlmostEquals(at, 0.0004 + i * 0.0002, 1e-9);
  }
});

test("timeText() writes times as people read them", () => {
  assertEquals([0.01234, 5.5, 999, 1500].map(timeText), [
    "12.3 µs",
    "5.5 ms",
    "999 ms",
    "1.5 s",
  ]);
});
