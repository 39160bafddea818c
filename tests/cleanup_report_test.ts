import {
  assertEquals,
  assertGreaterOrEqual,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  allTasks,
  AsyncEvent,
  cancelAndWait,
  CancelledError,
  cleanupLingeringTasks,
  type CleanupLingeringTasksOptions,
  type CleanupReport,
  configure,
  createTask,
  currentTask,
  InvalidStateError,
  sleep,
  type Task,
  TaskTracker,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import {
  collectingFailures,
  deafSleep,
  failsInCleanup,
  slowCleanup,
  stubborn,
  turns,
} from "./_bodies.ts";
import { test } from "./_harness.ts";

const forever = () => sleep(Infinity);

const names = (tasks: readonly { name: string }[]) =>
  tasks.map(({ name }) => name);

// The caller

test("W17: cleanupLingeringTasks() finishes its work when its caller is cancelled, whose next checkpoint sees it", async () => {
  await withVirtualClock(async (clock) => {
    void createTask(slowCleanup(50), { name: "slow" });
    let report: CleanupReport | undefined;
    const caller = createTask(async (context) => {
      report = await cleanupLingeringTasks();
      await context.checkpoint();
      return "never";
    });
    caller.cancel("hurry");
    const error = await assertRejects(() => caller, CancelledError);
    assertEquals(error.reason.message, "hurry");
    assertEquals(names(report!.cancelled), ["slow"]);
    assertEquals(clock.now, 50);
  });
});

test("W17: cleanupLingeringTasks() works in the finally of a cancelled task", async () => {
  void createTask(forever, { name: "other" });
  let report: CleanupReport | undefined;
  const task = createTask(async () => {
    try {
      await sleep(Infinity);
    } finally {
      report = await cleanupLingeringTasks();
    }
  });
  task.cancel("stop");
  await assertRejects(() => task, CancelledError);
  assertEquals(names(report!.cancelled), ["other"]);
});

test("cleanupLingeringTasks() called by two tasks at once waits for the other no longer than its time", async () => {
  await withVirtualClock(async (clock) => {
    const go = new AsyncEvent();
    const body = async () => {
      await go.wait();
      const { completed, stuck, skipped } = await cleanupLingeringTasks({
        timeout: 50,
      });
      return { others: names([...completed, ...stuck]), own: names(skipped) };
    };
    const one = createTask(body, { name: "one" });
    const two = createTask(body, { name: "two" });
    go.set();
    assertEquals(await one, { others: ["two"], own: ["one"] });
    assertEquals(await two, { others: ["one"], own: ["two"] });
    assertEquals(clock.now, 50);
  });
});

// Failures

test("cleanupLingeringTasks() tells failures that the hook never hears of, though others take long", async () => {
  await withVirtualClock(async () => {
    await collectingFailures(async (failures) => {
      void createTask(failsInCleanup(new Error("a")), { name: "root" });
      void createTask(async () => {
        void createTask(failsInCleanup(new Error("b")), { name: "child" });
        await sleep(Infinity);
      }, { name: "parent" });
      void createTask(slowCleanup(500), { name: "slow" });
      const report = await cleanupLingeringTasks();
      assertEquals(names(report.failed), ["root", "child"]);
      await turns();
      assertEquals(failures, []);
    });
  });
});

test("cleanupLingeringTasks() leaves the failure of a stuck task to the hook when it fails later", async () => {
  await withVirtualClock(async () => {
    await collectingFailures(async (failures) => {
      void createTask(async () => {
        await deafSleep(500);
        throw new Error("late");
      }, { name: "late" });
      const report = await cleanupLingeringTasks({ timeout: 100 });
      assertEquals(names(report.stuck), ["late"]);
      await sleep(1000);
      await turns();
      assertEquals(names(failures), ["late"]);
    });
  });
});

// Leaks by identity

test("W18: cleanupLingeringTasks() finds a leak by identity though the count is the same", async () => {
  const settings = configure({ creationSites: true });
  try {
    const expected = createTask(forever, { name: "expected" });
    const before = allTasks();
    await cancelAndWait(expected);
    void createTask(forever, { name: "leak" });
    assertEquals(allTasks().length, before.length);
    const leaked = allTasks().filter((task) => !before.includes(task));
    assertEquals(names(leaked), ["leak"]);
    const { cancelled } = await cleanupLingeringTasks();
    assertEquals(cancelled.map(({ id }) => id), leaked.map(({ id }) => id));
    assertStringIncludes(cancelled[0]?.place ?? "", "cleanup_report_test");
  } finally {
    configure(settings);
  }
});

// Names with one meaning

test("W24: cancelAndWait(), cancelAll() and cleanupLingeringTasks() say the same of the same task", async () => {
  await withVirtualClock(async () => {
    const error = new Error("cleanup");
    const bodies: (() => Promise<unknown>)[] = [
      forever,
      stubborn(10),
      failsInCleanup(error),
      stubborn(60_000),
    ];
    const expected = ["cancelled", "completed", "failed", "stuck"];
    const single = bodies.map((body) =>
      cancelAndWait(createTask(body), { timeout: 100 })
    );
    assertEquals(
      (await Promise.all(single)).map(({ status }) => status),
      expected,
    );
    await sleep(60_000);

    const tracker = new TaskTracker();
    for (const body of bodies) tracker.spawn(body);
    const { tasks } = await tracker.cancelAll({ timeout: 100 });
    assertEquals(tasks.map(({ status }) => status), expected);
    await tracker.drain();

    for (const body of bodies) void createTask(body);
    const report = await cleanupLingeringTasks({ timeout: 100 });
    assertEquals(Object.keys(report), [...expected, "skipped"]);
    assertEquals(
      [report.cancelled, report.completed, report.failed, report.stuck]
        .map((tasks) => tasks.map(({ status }) => status)),
      expected.map((status) => [status]),
    );
    await sleep(60_000);
  });
});

test("W24: cancelAndWait() refuses nothing at all in place of a task, and oneself", async () => {
  for (const nothing of [undefined, null]) {
    assertThrows(
      () => void cancelAndWait(nothing as unknown as Task),
      TypeError,
      `received ${nothing}`,
    );
  }
  await createTask(() => {
    assertThrows(() => void cancelAndWait(currentTask()!), InvalidStateError);
  });
});

// Bad input

const WRONG: [CleanupLingeringTasksOptions, typeof RangeError, string][] = [
  [{ timeout: NaN }, RangeError, "received NaN"],
  [{ timeout: -1 }, RangeError, "received -1"],
  [{ timeout: "1" as unknown as number }, TypeError, 'received "1"'],
  [{ reason: {} as unknown as Error }, TypeError, "received [Object]"],
  [{ exclude: 5 as unknown as Task[] }, TypeError, "received 5"],
  [{ exclude: "task" as unknown as Task[] }, TypeError, 'received "task"'],
  [{ exclude: null as unknown as Task[] }, TypeError, "received null"],
  [{ exclude: [undefined] as unknown as Task[] }, TypeError, "undefined"],
  [
    { exclude: [Promise.resolve()] as unknown as Task[] },
    TypeError,
    "received [Promise]",
  ],
  [null as unknown as CleanupLingeringTasksOptions, TypeError, "received null"],
  [7 as unknown as CleanupLingeringTasksOptions, TypeError, "received 7"],
];

for (const [index, [options, ErrorClass, message]] of WRONG.entries()) {
  test(`cleanupLingeringTasks() throws a ${ErrorClass.name} that says ${message} for wrong options ${index}`, async () => {
    const task = createTask(forever);
    assertThrows(
      () => void cleanupLingeringTasks(options),
      ErrorClass,
      message,
    );
    assertEquals(task.status, "running");
    await cancelAndWait(task);
  });
}

test("cleanupLingeringTasks() takes Infinity as no limit", async () => {
  await withVirtualClock(async (clock) => {
    void createTask(slowCleanup(2 ** 32));
    const { cancelled } = await cleanupLingeringTasks({ timeout: Infinity });
    assertEquals(cancelled.length, 1);
    assertGreaterOrEqual(clock.now, 2 ** 32);
  });
});

test("cleanupLingeringTasks() refuses an unknown option, and says timeout when given grace", () => {
  assertThrows(
    () =>
      cleanupLingeringTasks(
        { grace: 5 } as unknown as CleanupLingeringTasksOptions,
      ),
    TypeError,
    'unknown option "grace"; did you mean "timeout"?',
  );
});
