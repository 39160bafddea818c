import { assert, assertEquals } from "@std/assert";
import { createTask, sleep } from "@mdc/tasks";
import { record, type TraceEventEntry } from "@mdc/devtools/recording";
import { withVirtualClock } from "@mdc/tasks/testing";
import { test } from "../../tests/_harness.ts";

/** The events of a parent that cancels a child after 5 ms. */
async function events(): Promise<readonly TraceEventEntry[]> {
  return await withVirtualClock(async () => {
    const recording = record();
    await createTask(async () => {
      const child = createTask(() => Promise.all([sleep(60), sleep(70)]), {
        name: "child",
      });
      await sleep(5);
      child.cancel("enough");
      await child.catch(() => {});
    }, { name: "parent" });
    recording.stop();
    // As it is in a file.
    return JSON.parse(JSON.stringify(recording.toTraceEvents())).traceEvents;
  });
}

test("recording.toTraceEvents() gives each task a named row and a slice in microseconds", async () => {
  const all = await events();
  const rows = all.filter(({ name }) => name === "thread_name")
    .map(({ args }) => args?.["name"]);
  assertEquals(rows, ["parent", "  child"]);
  const slices = all.filter(({ ph, cat }) => ph === "X" && cat === "task");
  assertEquals(
    slices.map(({ name, ts, dur, tid }) => [name, ts, dur, tid]),
    [["parent", 0, 5_000, 1], ["child", 0, 5_000, 2]],
  );
});

test("recording.toTraceEvents() draws an arrow from who cancelled to who was", async () => {
  const all = await events();
  const flow = all.filter(({ ph }) => ph === "s" || ph === "f");
  assertEquals(flow.map(({ ph, tid, ts, bp }) => [ph, tid, ts, bp]), [
    ["s", 1, 5_000, undefined],
    ["f", 2, 5_000, "e"],
  ]);
  assertEquals(new Set(flow.map(({ id }) => id)).size, 1);
});

test("recording.toTraceEvents() keeps to the format: slices of a row nest, overlapping waits are pairs", async () => {
  const all = await events();
  for (const { ph, pid, tid, ts, dur } of all) {
    assert(Number.isInteger(pid) && Number.isInteger(tid));
    if (ph !== "M") assert(Number.isInteger(ts) && ts! >= 0);
    if (ph === "X") assert(Number.isInteger(dur) && dur! >= 0);
  }
  const begun = all.filter(({ ph }) => ph === "b").map(({ id }) => id);
  const ended = all.filter(({ ph }) => ph === "e").map(({ id }) => id);
  assertEquals(begun.length, 1);
  assertEquals(ended, begun);
  for (const tid of [1, 2]) {
    const slices = all.filter((each) => each.ph === "X" && each.tid === tid)
      .map(({ ts, dur }) => [ts!, ts! + dur!] as const);
    for (const [from, to] of slices) {
      for (const [begin, end] of slices) {
        const apart = end <= from || begin >= to;
        const within = (from <= begin && end <= to) ||
          (begin <= from && to <= end);
        assert(apart || within, `${[from, to]} and ${[begin, end]}`);
      }
    }
  }
});
