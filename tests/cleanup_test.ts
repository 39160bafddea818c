import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  allTasks,
  cleanupLingeringTasks,
  type CleanupReport,
  createTask,
  sleep,
  type Task,
  TaskTracker,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { failsInCleanup, stubborn } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { forever, names } from "./_bodies.ts";

function namesOf(report: CleanupReport): Record<keyof CleanupReport, string[]> {
  return {
    cancelled: names(report.cancelled),
    completed: names(report.completed),
    failed: names(report.failed),
    stuck: names(report.stuck),
    skipped: names(report.skipped),
  };
}

test("cleanupLingeringTasks() reports nothing when nothing lingers", async () => {
  assertEquals(await cleanupLingeringTasks(), {
    cancelled: [],
    completed: [],
    failed: [],
    stuck: [],
    skipped: [],
  });
});

test("cleanupLingeringTasks() sorts the tasks by what became of them", async () => {
  await withVirtualClock(async (clock) => {
    const error = new Error("flush failed");
    void createTask(forever, { name: "obedient" });
    void createTask(failsInCleanup(error), { name: "broken" });
    void createTask(stubborn(50), { name: "deaf" });
    void createTask(stubborn(60_000), { name: "stuck" });
    const report = await cleanupLingeringTasks({ timeout: 100 });
    assertEquals(namesOf(report), {
      cancelled: ["obedient"],
      completed: ["deaf"],
      failed: ["broken"],
      stuck: ["stuck"],
      skipped: [],
    });
    assertEquals(
      [...report.cancelled, ...report.completed]
        .map(({ status, elapsed }) => [status, elapsed]),
      [["cancelled", 0], ["completed", 50]],
    );
    assertStrictEquals(report.failed[0]?.error, error);
    await clock.advance(60_000);
  }, { autoAdvance: true });
});

test("W16: cleanupLingeringTasks() has one deadline for all and names what is stuck and since when", async () => {
  await withVirtualClock(async (clock) => {
    const early = createTask(stubborn(60_000), { name: "early" });
    early.cancel("asked before");
    await clock.advance(300);
    for (const name of ["one", "two"]) {
      void createTask(stubborn(60_000), { name });
    }
    const swept = cleanupLingeringTasks({ timeout: 200 });
    await clock.advance(200);
    const { stuck } = await swept;
    assertEquals(
      stuck.map(({ name, since, elapsed }) => ({ name, since, elapsed })),
      [
        { name: "early", since: 1000, elapsed: 200 },
        { name: "one", since: 1300, elapsed: 200 },
        { name: "two", since: 1300, elapsed: 200 },
      ],
    );
    assertEquals(stuck[0]?.id, early.id);
    assertEquals(clock.now, 500);
    await clock.advance(60_000);
    assertEquals(allTasks(), []);
  }, { autoAdvance: false, epoch: 1000 });
});

test("cleanupLingeringTasks() has a default timeout of a second", async () => {
  await withVirtualClock(async (clock) => {
    void createTask(stubborn(5000));
    await cleanupLingeringTasks();
    assertEquals(clock.now, 1000);
    await sleep(5000);
  });
});

test("cleanupLingeringTasks() looks once when the timeout is 0", async () => {
  await withVirtualClock(async (clock) => {
    void createTask(forever, { name: "obedient" });
    void createTask(stubborn(10), { name: "deaf" });
    const report = await cleanupLingeringTasks({ timeout: 0 });
    assertEquals(clock.now, 0);
    assertEquals(names(report.cancelled), ["obedient"]);
    assertEquals(names(report.stuck), ["deaf"]);
    await sleep(10);
  });
});

test("cleanupLingeringTasks() ends a whole tree, parents and children", async () => {
  const parent = createTask(async () => {
    void createTask(forever, { name: "child" });
    await createTask(forever, { name: "awaited child" });
  }, { name: "parent" });
  const report = await cleanupLingeringTasks();
  assertEquals(names(report.cancelled), ["parent", "child", "awaited child"]);
  assertEquals(parent.reason?.kind, "shutdown");
});

test("cleanupLingeringTasks() gives the kind and the words of its reason", async () => {
  const one = createTask(forever);
  await cleanupLingeringTasks();
  assertEquals([one.reason?.kind, one.reason?.message], [
    "shutdown",
    "lingering",
  ]);
  const two = createTask(forever);
  await cleanupLingeringTasks({ reason: "end of test" });
  assertEquals([two.reason?.kind, two.reason?.message], [
    "shutdown",
    "end of test",
  ]);
});

test("cleanupLingeringTasks() passes an Error on by identity", async () => {
  const reason = new Error("exit");
  const task = createTask(forever);
  await cleanupLingeringTasks({ reason });
  assertStrictEquals(await assertRejects(() => task), reason);
});

// Who is safe

test("W16: cleanupLingeringTasks() never touches the current task and its ancestors", async () => {
  const grandparent = createTask(async () => {
    void createTask(forever, { name: "sibling" });
    const report = await createTask(async () => {
      return await createTask(() => cleanupLingeringTasks(), {
        name: "current",
      });
    }, { name: "parent" });
    return namesOf(report);
  }, { name: "grandparent" });
  assertEquals(await grandparent, {
    cancelled: ["sibling"],
    completed: [],
    failed: [],
    stuck: [],
    skipped: ["grandparent", "parent", "current"],
  });
  assertFalse(grandparent.cancelRequested);
});

test("cleanupLingeringTasks() ends the children of the current task", async () => {
  const report = await createTask(async () => {
    void createTask(forever, { name: "own child" });
    return await cleanupLingeringTasks();
  }, { name: "current" });
  assertEquals(names(report.cancelled), ["own child"]);
});

test("cleanupLingeringTasks() leaves excluded tasks alone, with everything above and below", async () => {
  let keep: Task | undefined;
  const top = createTask(async () => {
    void createTask(forever, { name: "aunt" });
    await createTask(async () => {
      void createTask(forever, { name: "sister" });
      keep = createTask(async () => {
        await createTask(forever, { name: "below" });
      }, { name: "keep" });
      await keep;
    }, { name: "above" });
  }, { name: "top" });
  const report = await cleanupLingeringTasks({ exclude: [keep!] });
  assertEquals(namesOf(report), {
    cancelled: ["aunt", "sister"],
    completed: [],
    failed: [],
    stuck: [],
    skipped: ["top", "above", "keep", "below"],
  });
  assertFalse(top.cancelRequested);
  assertFalse(keep!.cancelRequested);
  assertEquals(names((await cleanupLingeringTasks()).cancelled), [
    "top",
    "above",
    "keep",
    "below",
  ]);
});

test("cleanupLingeringTasks() takes a tracker, a Set or a generator as exclude", async () => {
  const tracker = new TaskTracker();
  tracker.spawn(forever, { name: "tracked" });
  const server = createTask(forever, { name: "server" });
  const one = await cleanupLingeringTasks({ exclude: tracker });
  assertEquals(names(one.cancelled), ["server"]);
  const two = await cleanupLingeringTasks({ exclude: new Set(tracker) });
  assertEquals(names(two.skipped), ["tracked"]);
  const three = await cleanupLingeringTasks({
    exclude: (function* () {
      yield* tracker;
    })(),
  });
  assertEquals(names(three.skipped), ["tracked"]);
  assert(server.cancelled);
  await tracker.cancelAll();
});

test("cleanupLingeringTasks() takes an excluded task that is done already", async () => {
  const done = createTask(() => 1);
  await done;
  void createTask(forever, { name: "other" });
  const report = await cleanupLingeringTasks({ exclude: [done] });
  assertEquals(namesOf(report), {
    cancelled: ["other"],
    completed: [],
    failed: [],
    stuck: [],
    skipped: [],
  });
});

test("cleanupLingeringTasks() ends detached tasks too", async () => {
  void createTask(forever, { name: "detached", detached: true });
  const report = await createTask(() => cleanupLingeringTasks(), {
    name: "current",
  });
  assertEquals(names(report.cancelled), ["detached"]);
});
