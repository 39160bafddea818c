import { assertEquals, assertThrows } from "@std/assert";
import {
  aggregateProgress,
  createTask,
  Progress,
  sleep,
  type TaskContext,
  TaskGroup,
  TaskTracker,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { collectingFailures } from "./_bodies.ts";
import { test } from "./_harness.ts";

test("aggregateProgress() adds up what is done and the totals", () => {
  const one = new Progress({ total: 3 });
  const two = new Progress({ total: 5, completed: 1 });
  const whole = aggregateProgress([one, two]);
  assertEquals([whole.completed, whole.total], [1, 8]);
  one.advance(3);
  assertEquals([whole.completed, whole.fraction], [4, 0.5]);
});

test("aggregateProgress() follows a total that grows", () => {
  const one = new Progress({ total: 1 });
  const whole = aggregateProgress([one, new Progress({ total: 1 })]);
  one.update({ total: 9 });
  assertEquals(whole.total, 10);
});

test("aggregateProgress() counts parts as long as one doesn't know its total", () => {
  const known = new Progress({ total: 100, completed: 60 });
  const unknown = new Progress({ completed: 7 });
  const whole = aggregateProgress([known, unknown]);
  assertEquals([whole.completed, whole.total], [0, 2]);
  known.finish();
  assertEquals([whole.completed, whole.total], [1, 2]);
  unknown.update({ total: 40 });
  assertEquals([whole.completed, whole.total], [67, 140]);
});

test("aggregateProgress() counts parts when none knows its total", () => {
  const parts = [new Progress(), new Progress(), new Progress()];
  const whole = aggregateProgress(parts);
  parts[1]?.finish();
  assertEquals([whole.completed, whole.total], [1, 3]);
});

test("aggregateProgress() counts a part once that is given twice", () => {
  const part = new Progress({ total: 2 });
  const whole = aggregateProgress([part, part]);
  part.advance();
  assertEquals([whole.completed, whole.total], [1, 2]);
});

const ENDINGS = [
  ["completed", ["completed", "completed"]],
  ["failed", ["completed", "failed"]],
  ["failed", ["failed", "cancelled"]],
  ["failed", ["cancelled", "failed"]],
  ["cancelled", ["cancelled", "completed"]],
] as const;

for (const [expected, ends] of ENDINGS) {
  test(`aggregateProgress() ends as ${expected} when its parts end as ${ends.join(" and ")}`, () => {
    const parts = ends.map(() => new Progress({ total: 1 }));
    const whole = aggregateProgress(parts);
    parts[0]?.finish(ends[0]);
    assertEquals(whole.status, "running");
    parts[1]?.finish(ends[1]);
    assertEquals(whole.status, expected);
  });
}

test("aggregateProgress() is final at once when all parts are", () => {
  const part = new Progress({ total: 2, completed: 1 });
  part.finish("failed");
  const whole = aggregateProgress([part]);
  assertEquals([whole.status, whole.completed], ["failed", 1]);
});

test("aggregateProgress() of nothing is completed", () => {
  const whole = aggregateProgress([]);
  assertEquals([whole.status, whole.completed], ["completed", 0]);
});

test("aggregateProgress() takes tasks, and tells how they ended", async () => {
  await collectingFailures(async () => {
    const good = createTask(async ({ progress }) => {
      progress.update({ total: 2 });
      progress.advance(2);
      await sleep(0);
    });
    const bad = createTask(async ({ progress }) => {
      progress.update({ total: 2 });
      await sleep(0);
      throw new Error("broken");
    });
    const whole = aggregateProgress([good, bad]);
    assertEquals([whole.completed, whole.total], [2, 4]);
    await Promise.allSettled([good, bad]);
    assertEquals(whole.status, "failed");
  });
});

test("aggregateProgress() takes wholes as parts", () => {
  const leaves = [1, 2, 3].map((total) => new Progress({ total }));
  const inner = aggregateProgress(leaves.slice(0, 2));
  const whole = aggregateProgress([inner, leaves[2]!]);
  leaves[0]?.advance();
  assertEquals([whole.completed, whole.total], [1, 6]);
  for (const leaf of leaves) leaf.finish();
  assertEquals([inner.status, whole.status], ["completed", "completed"]);
});

test("aggregateProgress() tells its observers of every change of a part", () => {
  const part = new Progress({ total: 2 });
  const whole = aggregateProgress([part]);
  const seen: (number | undefined)[] = [];
  whole.subscribe(({ fraction }) => seen.push(fraction));
  part.advance();
  part.advance();
  assertEquals(seen, [0.5, 1]);
});

test("aggregateProgress() has a rate of its own", async () => {
  await withVirtualClock(async (clock) => {
    const parts = [new Progress({ total: 4 }), new Progress({ total: 4 })];
    const whole = aggregateProgress(parts);
    await clock.advance(1000);
    for (const part of parts) part.advance();
    assertEquals([whole.rate, whole.eta], [2, 3000]);
  }, { autoAdvance: false });
});

for (const wrong of [undefined, null, 5, new Progress()]) {
  test(`aggregateProgress() throws a TypeError when given ${String(wrong)} as parts`, () => {
    assertThrows(
      () => aggregateProgress(wrong as unknown as Progress[]),
      TypeError,
      "received",
    );
  });
}

for (const wrong of [undefined, null, 5, {}, Promise.resolve()]) {
  test(`aggregateProgress() throws a TypeError when a part is ${String(wrong)}`, () => {
    assertThrows(
      () => aggregateProgress([wrong as unknown as Progress]),
      TypeError,
      "expected a Progress, a task, a group or a tracker, received",
    );
  });
}

test("aggregateProgress() doesn't count what was cancelled or failed half-way as done", () => {
  const parts = Array.from({ length: 4 }, () => new Progress());
  const whole = aggregateProgress(parts);
  parts[0]!.finish("cancelled");
  parts[1]!.finish("failed");
  assertEquals([whole.completed, whole.fraction], [0, 0]);
  parts[2]!.finish();
  assertEquals([whole.completed, whole.fraction], [1, 0.25]);
  parts[3]!.finish("cancelled");
  assertEquals(
    [whole.status, whole.completed, whole.fraction],
    ["failed", 1, 0.25],
  );
});

test("aggregateProgress() of cancelled tasks without totals is at nothing", async () => {
  const tasks = [1, 2].map(() => createTask(() => sleep(Infinity)));
  const whole = aggregateProgress(tasks);
  for (const task of tasks) task.cancel();
  await Promise.allSettled(tasks);
  assertEquals([whole.status, whole.fraction], ["cancelled", 0]);
});

test("aggregateProgress() takes groups and trackers as parts", async () => {
  const tracker = new TaskTracker();
  const body = (total: number) => (context: TaskContext) => {
    context.progress.update({ total, completed: 1 });
    return context.sleep(Infinity);
  };
  await TaskGroup.run(async (group) => {
    const whole = aggregateProgress([group, tracker]);
    group.spawn(body(3));
    tracker.spawn(body(5));
    assertEquals([whole.completed, whole.total], [2, 8]);
    group.cancel();
    tracker.close();
    await tracker.cancelAll();
  });
});
