import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  allTasks,
  AsyncEvent,
  type CancelAllOptions,
  CancelledError,
  configure,
  createTask,
  InvalidStateError,
  sleep,
  Task,
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

// Adding and leaving

test("TaskTracker.add() returns the task itself and counts it", async () => {
  const tracker = new TaskTracker();
  const task = createTask(forever);
  assertStrictEquals(tracker.add(task), task);
  assertEquals(tracker.size, 1);
  await tracker.cancelAll();
});

test("TaskTracker.add() counts a task once when it is added twice", async () => {
  const tracker = new TaskTracker();
  const task = tracker.add(createTask(forever));
  tracker.add(task);
  assertEquals(tracker.size, 1);
  const { tasks } = await tracker.cancelAll();
  assertEquals(tasks.length, 1);
});

test("TaskTracker.add() counts a promise once when it is added twice", async () => {
  const tracker = new TaskTracker();
  const promise = new Promise<void>((resolve) => setTimeout(resolve, 1));
  tracker.add(promise);
  tracker.add(promise);
  assertEquals(tracker.size, 1);
  await tracker.drain();
});

test("TaskTracker.add() doesn't count a task that is done", async () => {
  const tracker = new TaskTracker();
  const task = createTask(() => 1);
  await task;
  assertStrictEquals(tracker.add(task), task);
  assertEquals(tracker.size, 0);
  assertEquals((await tracker.cancelAll()).tasks, []);
});

test("TaskTracker.add() returns the very promise that it got", async () => {
  const tracker = new TaskTracker();
  const promise = Promise.resolve(7);
  assertStrictEquals(tracker.add(promise), promise);
  assertEquals(tracker.size, 1);
  await tracker.drain();
  assertEquals(tracker.size, 0);
});

test("TaskTracker.add() takes anything that has a then()", async () => {
  const tracker = new TaskTracker();
  let settle = () => {};
  tracker.add({
    then(resolve: (value: number) => void) {
      settle = () => resolve(1);
    },
  } as PromiseLike<number>);
  await turns(1);
  assertEquals(tracker.size, 1);
  settle();
  await tracker.drain();
});

for (const wrong of [undefined, null, 1, "task", {}, () => {}]) {
  test(`TaskTracker.add() throws a TypeError when given ${String(wrong)}`, () => {
    const tracker = new TaskTracker();
    const error = assertThrows(
      () => tracker.add(wrong as unknown as Promise<void>),
      TypeError,
    );
    assertStringIncludes(error.message, "received ");
    assertEquals(tracker.size, 0);
  });
}

test("TaskTracker loses a task in the tick in which it is done", async () => {
  const tracker = new TaskTracker();
  const task = tracker.spawn(() => Promise.resolve());
  const sizes = new Promise<number>((resolve) => {
    void task.then(() => resolve(tracker.size));
  });
  assertEquals(tracker.size, 1);
  assertEquals(await sizes, 0);
});

test("TaskTracker is empty as soon as task.done is true", async () => {
  const tracker = new TaskTracker();
  const task = tracker.spawn(() => undefined);
  while (!task.done) {
    assertEquals(tracker.size, 1);
    await null;
  }
  assertEquals(tracker.size, 0);
});

test("TaskTracker keeps a task in every tracker that it was added to", async () => {
  const one = new TaskTracker();
  const two = new TaskTracker();
  const task = two.add(one.spawn(forever));
  assertEquals([one.size, two.size], [1, 1]);
  task.cancel();
  await one.drain();
  assertEquals([one.size, two.size], [0, 0]);
});

test("TaskTracker.spawn() starts the body at once with a context", async () => {
  const tracker = new TaskTracker();
  let name = "";
  const task = tracker.spawn((context) => {
    name = context.name;
  }, { name: "eager" });
  assertEquals(name, "eager");
  assertEquals(tracker.size, 1);
  await task;
});

test("TaskTracker.spawn() makes the task a child of the current one", async () => {
  const tracker = new TaskTracker();
  const parent = createTask(async () => {
    tracker.spawn(forever);
    await sleep(Infinity);
  });
  const [child] = tracker;
  assertStrictEquals(child?.parent, parent);
  parent.cancel("down");
  await tracker.drain();
  assertEquals(child?.status, "cancelled");
  await assertRejects(() => parent, CancelledError);
});

for (const wrong of [undefined, null, 3, "body", Promise.resolve()]) {
  test(`TaskTracker.spawn() throws a TypeError when the body is ${String(wrong)}`, () => {
    const tracker = new TaskTracker();
    assertThrows(
      () => tracker.spawn(wrong as unknown as () => void),
      TypeError,
      "received",
    );
    assertEquals(tracker.size, 0);
  });
}

test("TaskTracker.spawn() tracks nothing when an option is wrong", () => {
  const tracker = new TaskTracker();
  let started = false;
  assertThrows(
    () =>
      tracker.spawn(() => {
        started = true;
      }, { name: 5 as unknown as string }),
    TypeError,
    "received 5",
  );
  assertFalse(started);
  assertEquals(tracker.size, 0);
});

test("TaskTracker iterates over the running tasks in the order of addition", async () => {
  const tracker = new TaskTracker();
  const one = createTask(forever);
  const two = createTask(forever);
  tracker.add(two);
  tracker.add(one);
  assertEquals([...tracker].map(({ id }) => id), [two.id, one.id]);
  assert([...tracker].every((task) => task instanceof Task));
  await tracker.cancelAll();
});

test("TaskTracker iterates over a snapshot when tasks come and go", async () => {
  const tracker = new TaskTracker();
  tracker.spawn(forever, { name: "one" });
  tracker.spawn(forever, { name: "two" });
  const seen: string[] = [];
  for (const task of tracker) {
    seen.push(task.name);
    tracker.spawn(forever, { name: "late" });
    task.cancel();
    await turns(1);
  }
  assertEquals(seen, ["one", "two"]);
  assertEquals([...tracker].map(({ name }) => name), ["late", "late"]);
  await tracker.cancelAll();
});

// close()

test("TaskTracker.close() refuses add() and leaves the task to its caller", async () => {
  const tracker = new TaskTracker();
  tracker.close();
  assert(tracker.closed);
  const task = createTask(() => 1);
  assertThrows(
    () => tracker.add(task),
    InvalidStateError,
    "Cannot add to a tracker: it is closed",
  );
  assertEquals(await task, 1);
});

test("TaskTracker.close() refuses spawn(), whose body never starts", () => {
  const tracker = new TaskTracker();
  tracker.close();
  const before = allTasks();
  let started = false;
  assertThrows(
    () =>
      tracker.spawn(() => {
        started = true;
      }),
    InvalidStateError,
    "closed",
  );
  assertFalse(started);
  assertEquals(allTasks().length, before.length);
});

test("TaskTracker.close() lets the running tasks go on", async () => {
  const tracker = new TaskTracker();
  const task = tracker.spawn(async ({ sleep }) => {
    await sleep(1);
    return "finished";
  });
  tracker.close();
  tracker.close();
  assertEquals(tracker.size, 1);
  assertEquals(await task, "finished");
});

test("TaskTracker.close() refuses add() even of a task that it tracks", async () => {
  const tracker = new TaskTracker();
  const task = tracker.spawn(forever);
  tracker.close();
  assertThrows(() => tracker.add(task), InvalidStateError);
  await tracker.cancelAll();
});

// drain()

test("TaskTracker.drain() resolves when the last task is done", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    tracker.spawn(({ sleep }) => sleep(10));
    tracker.spawn(({ sleep }) => sleep(30));
    await tracker.drain();
    assertEquals(clock.now, 30);
    assertEquals(tracker.size, 0);
  });
});

test("TaskTracker.drain() resolves at once when nothing runs", async () => {
  await new TaskTracker().drain();
});

test("TaskTracker.drain() resolves when tasks fail or are cancelled", async () => {
  await collectingFailures(async () => {
    const tracker = new TaskTracker();
    tracker.spawn(() => Promise.reject(new Error("no")));
    tracker.spawn(forever).cancel();
    await tracker.drain();
    tracker.close();
  });
});

test("TaskTracker.drain() waits for tasks that are added meanwhile", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    tracker.spawn(async ({ sleep }) => {
      await sleep(10);
      tracker.spawn(({ sleep }) => sleep(10));
    });
    await tracker.drain();
    assertEquals(clock.now, 20);
  });
});

test("TaskTracker.drain() serves several waiters", async () => {
  const tracker = new TaskTracker();
  tracker.spawn(({ sleep }) => sleep(1));
  await Promise.all([tracker.drain(), tracker.drain(), tracker.drain()]);
});

test("TaskTracker.drain() rejects when its task is cancelled, and leaves the others running", async () => {
  const tracker = new TaskTracker();
  const worker = tracker.spawn(forever);
  const waiter = createTask(() => tracker.drain());
  waiter.cancel("no patience");
  const error = await assertRejects(() => waiter, CancelledError);
  assertEquals(error.reason.message, "no patience");
  assertEquals(worker.status, "running");
  await tracker.cancelAll();
});

test("TaskTracker.drain() rejects with the signal's reason when the signal aborts", async () => {
  const tracker = new TaskTracker();
  tracker.spawn(forever);
  const controller = new AbortController();
  const reason = new Error("enough");
  const drained = tracker.drain({ signal: controller.signal });
  controller.abort(reason);
  assertStrictEquals(await assertRejects(() => drained), reason);
  await tracker.cancelAll();
});

test("TaskTracker.drain() rejects at the door when the signal is aborted, though nothing runs", async () => {
  const reason = new Error("before");
  const signal = AbortSignal.abort(reason);
  const error = await assertRejects(() => new TaskTracker().drain({ signal }));
  assertStrictEquals(error, reason);
});

test("TaskTracker.drain() throws a TypeError when the signal is no source", () => {
  const tracker = new TaskTracker();
  assertThrows(
    () => void tracker.drain({ signal: 5 as unknown as AbortSignal }),
    TypeError,
    "received 5",
  );
  assertThrows(
    () => void tracker.drain(null as unknown as { signal: AbortSignal }),
    TypeError,
    "received null",
  );
});

// cancelAll(): the wait

test("W12: TaskTracker.cancelAll() takes one timeout for four stubborn tasks", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    for (const name of ["a", "b", "c", "d"]) {
      tracker.spawn(stubborn(60_000), { name });
    }
    const report = await tracker.cancelAll({ timeout: 200 });
    assertEquals(clock.now, 200);
    assertEquals([report.succeeded, report.failed], [0, 4]);
    assertEquals(
      report.tasks.map(({ name, status, elapsed, since }) => ({
        name,
        status,
        elapsed,
        since,
      })),
      ["a", "b", "c", "d"].map((name) => ({
        name,
        status: "stuck" as const,
        elapsed: 200,
        since: 0,
      })),
    );
    await tracker.drain();
  });
});

test("TaskTracker.cancelAll() cancels all tasks before it returns its promise", async () => {
  const tracker = new TaskTracker();
  const tasks = [1, 2, 3].map(() => tracker.spawn(forever));
  const swept = tracker.cancelAll();
  assert(tasks.every(({ cancelRequested }) => cancelRequested));
  await swept;
});

test("TaskTracker.cancelAll() ends as soon as the last task does", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    for (const ms of [30, 10, 20]) tracker.spawn(slowCleanup(ms));
    await tracker.cancelAll({ timeout: 1000 });
    assertEquals(clock.now, 30);
    assertEquals(clock.timers, 0);
  });
});

test("W12: TaskTracker.cancelAll() reports in the order of addition, whatever ends first", async () => {
  await withVirtualClock(async () => {
    const tracker = new TaskTracker();
    const error = new Error("cleanup broke");
    tracker.spawn(slowCleanup(30), { name: "slow" });
    tracker.spawn(forever, { name: "quick" });
    tracker.spawn(failsInCleanup(error), { name: "broken" });
    tracker.spawn(stubborn(40), { name: "deaf" });
    tracker.spawn(stubborn(5000), { name: "stuck" });
    const report = await tracker.cancelAll({ timeout: 100, reason: "exit" });
    assertEquals(
      report.tasks.map(({ name, status, elapsed }) => [name, status, elapsed]),
      [
        ["slow", "cancelled", 30],
        ["quick", "cancelled", 0],
        ["broken", "failed", 0],
        ["deaf", "completed", 40],
        ["stuck", "stuck", 100],
      ],
    );
    assertEquals([report.succeeded, report.failed], [3, 2]);
    assertStrictEquals(report.tasks[2]?.error, error);
    await tracker.drain();
  });
});

test("TaskTracker.cancelAll() tells ids and no error for those that didn't fail", async () => {
  const tracker = new TaskTracker();
  const task = tracker.spawn(forever);
  const { tasks } = await tracker.cancelAll();
  assertEquals(tasks[0]?.id, task.id);
  assertFalse("error" in tasks[0]!);
});

test("TaskTracker.cancelAll() tells since when a task was asked to stop, if that was earlier", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    tracker.spawn(stubborn(10_000), { name: "old" }).cancel();
    await clock.advance(500);
    tracker.spawn(stubborn(10_000), { name: "new" });
    const swept = tracker.cancelAll({ timeout: 100 });
    await clock.advance(100);
    const { tasks } = await swept;
    assertEquals(tasks.map(({ since }) => since), [7000, 7500]);
    assertEquals(tasks.map(({ elapsed }) => elapsed), [100, 100]);
    await clock.advance(10_000);
  }, { autoAdvance: false, epoch: 7000 });
});

test("TaskTracker.cancelAll() gives zeros and no tasks when nothing runs", async () => {
  const report = await new TaskTracker().cancelAll();
  assertEquals(report, { succeeded: 0, failed: 0, tasks: [] });
});

test("TaskTracker.cancelAll() has a default timeout of a second", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    tracker.spawn(stubborn(5000));
    await tracker.cancelAll();
    assertEquals(clock.now, 1000);
    await tracker.drain();
  });
});

test("TaskTracker.cancelAll() looks once when the timeout is 0", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    tracker.spawn(forever, { name: "obedient" });
    tracker.spawn(stubborn(5000), { name: "deaf" });
    const { tasks } = await tracker.cancelAll({ timeout: 0 });
    assertEquals(clock.now, 0);
    assertEquals(tasks.map(({ status }) => status), ["cancelled", "stuck"]);
    await tracker.drain();
  });
});

test("TaskTracker.cancelAll() waits for ever when the timeout is Infinity", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    tracker.spawn(stubborn(86_400_000));
    const { succeeded } = await tracker.cancelAll({ timeout: Infinity });
    assertEquals(succeeded, 1);
    assertEquals(clock.now, 86_400_000);
  });
});

test("TaskTracker.cancelAll() honours a timeout above 2^31-1", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    tracker.spawn(stubborn(2 ** 40));
    const { failed } = await tracker.cancelAll({ timeout: 2 ** 33 });
    assertEquals(failed, 1);
    assertEquals(clock.now, 2 ** 33);
    await tracker.drain();
  });
});

const WRONG_OPTIONS: [CancelAllOptions, typeof RangeError, string][] = [
  [{ timeout: NaN }, RangeError, "received NaN"],
  [{ timeout: -1 }, RangeError, "received -1"],
  [{ timeout: -Infinity }, RangeError, "received -Infinity"],
  [{ timeout: "1" as unknown as number }, TypeError, 'received "1"'],
  [{ timeout: null as unknown as number }, TypeError, "received null"],
  [{ reason: 5 as unknown as string }, TypeError, "received 5"],
  [5 as unknown as CancelAllOptions, TypeError, "received 5"],
  [null as unknown as CancelAllOptions, TypeError, "received null"],
];

for (const [options, ErrorClass, message] of WRONG_OPTIONS) {
  test(`TaskTracker.cancelAll() throws a ${ErrorClass.name} that says ${message} for ${JSON.stringify(options)}`, async () => {
    const tracker = new TaskTracker();
    const task = tracker.spawn(forever);
    assertThrows(() => void tracker.cancelAll(options), ErrorClass, message);
    assertEquals(task.status, "running");
    await tracker.cancelAll();
  });
}

test("TaskTracker.cancelAll() passes its words on as the reason", async () => {
  const tracker = new TaskTracker();
  const task = tracker.spawn(forever);
  await tracker.cancelAll({ reason: "deploying" });
  assertEquals(task.reason?.kind, "explicit");
  assertEquals(task.reason?.message, "deploying");
});

test("TaskTracker.cancelAll() passes an Error on by identity", async () => {
  const tracker = new TaskTracker();
  const tasks = [tracker.spawn(forever), tracker.spawn(forever)];
  const reason = new Error("disk full");
  await tracker.cancelAll({ reason });
  for (const task of tasks) {
    assertStrictEquals(await assertRejects(() => task), reason);
    assertStrictEquals(task.signal.reason, reason);
  }
});

test("TaskTracker.cancelAll() names the calling task in the reason", async () => {
  const tracker = new TaskTracker();
  const task = tracker.spawn(forever);
  await createTask(() => tracker.cancelAll(), { name: "janitor" });
  assertEquals(task.reason?.source?.name, "janitor");
});

test("TaskTracker.cancelAll() lets the first reason stay", async () => {
  const tracker = new TaskTracker();
  const task = tracker.spawn(slowCleanup(1));
  task.cancel("first");
  await tracker.cancelAll({ reason: "second" });
  assertEquals(task.reason?.message, "first");
});

// cancelAll(): those who come meanwhile

test("W14: TaskTracker.cancelAll() sweeps tasks that are added meanwhile", async () => {
  await withVirtualClock(async () => {
    const tracker = new TaskTracker();
    tracker.spawn(async () => {
      try {
        await sleep(Infinity);
      } finally {
        await deafSleep(10);
        tracker.spawn(forever, { name: "late", detached: true });
      }
    }, { name: "early" });
    const { tasks } = await tracker.cancelAll();
    assertEquals(
      tasks.map(({ name, status }) => `${name} ${status}`),
      ["early cancelled", "late cancelled"],
    );
    assertEquals(tracker.size, 0);
  });
});

test("W14: TaskTracker.cancelAll() sweeps what a task adds with its last breath", async () => {
  const tracker = new TaskTracker();
  const task = tracker.spawn(forever, { name: "early" });
  task.finally(async () => {
    for (let i = 0; i < 3; i++) await null;
    tracker.spawn(forever, { name: "late", detached: true });
  }).catch(() => {});
  const { tasks } = await tracker.cancelAll();
  assertEquals(tasks.map(({ name }) => name), ["early", "late"]);
  assertEquals(tracker.size, 0);
});

test("TaskTracker.cancelAll() has one deadline for those who come meanwhile, too", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    const respawn = async () => {
      await deafSleep(30);
      if (clock.now < 10_000) tracker.spawn(respawn, { detached: true });
    };
    tracker.spawn(respawn);
    const { tasks } = await tracker.cancelAll({ timeout: 100 });
    assertEquals(clock.now, 100);
    assertEquals(
      tasks.map(({ status }) => status),
      ["completed", "completed", "completed", "stuck"],
    );
    await tracker.drain();
  });
});

test("TaskTracker.cancelAll() comes to an end though a task respawns itself at once for ever", async () => {
  const tracker = new TaskTracker();
  let over = false;
  const respawn = async (): Promise<void> => {
    try {
      await sleep(Infinity);
    } finally {
      if (!over) tracker.spawn(respawn, { detached: true });
    }
  };
  tracker.spawn(respawn);
  const { tasks } = await tracker.cancelAll({ timeout: 5 });
  over = true;
  assertEquals(tasks.at(-1)?.status, "stuck");
  await tracker.cancelAll();
  assertEquals(tracker.size, 0);
});

test("TaskTracker.cancelAll() serves two callers at the same time", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    tracker.spawn(slowCleanup(20), { name: "shared" });
    const [one, two] = await Promise.all([
      tracker.cancelAll({ timeout: 10 }),
      tracker.cancelAll({ timeout: 50 }),
    ]);
    assertEquals(one.tasks.map(({ status }) => status), ["stuck"]);
    assertEquals(two.tasks.map(({ status }) => status), ["cancelled"]);
    assertEquals(clock.now, 20);
  });
});

test("TaskTracker takes new tasks after cancelAll(), unless it is closed", async () => {
  const tracker = new TaskTracker();
  tracker.spawn(forever);
  await tracker.cancelAll();
  const task = tracker.spawn(({ sleep }) => sleep(0));
  await task;
  assertFalse(task.cancelRequested);
});

// cancelAll(): who is spared

test("W13: TaskTracker.cancelAll() spares the task that calls and its ancestors", async () => {
  const tracker = new TaskTracker();
  const grandparent = tracker.spawn(async () => {
    await tracker.spawn(async () => {
      await tracker.spawn(async () => {
        tracker.spawn(forever, { name: "own child" });
        const { tasks } = await tracker.cancelAll();
        assertEquals(
          tasks.map(({ name }) => name).sort(),
          ["other", "own child"],
        );
      }, { name: "caller" });
    }, { name: "parent" });
    return "unharmed";
  }, { name: "grandparent" });
  tracker.spawn(forever, { name: "other" });
  assertEquals(await grandparent, "unharmed");
  assertEquals(tracker.size, 0);
});

test("TaskTracker.cancelAll() doesn't wait for the tasks that it spares", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    const caller = tracker.spawn(async ({ sleep }) => {
      const report = await tracker.cancelAll({ timeout: 500 });
      await sleep(1);
      return report;
    });
    assertEquals(await caller, { succeeded: 0, failed: 0, tasks: [] });
    assertEquals(clock.now, 1);
  });
});

test("W13: TaskTracker.cancelAll() called by two tracked tasks at once spares neither from the other", async () => {
  await withVirtualClock(async () => {
    const tracker = new TaskTracker();
    const go = new AsyncEvent();
    const body = async () => {
      await go.wait();
      return await tracker.cancelAll({ timeout: 50 });
    };
    const one = tracker.spawn(body, { name: "one" });
    const two = tracker.spawn(body, { name: "two" });
    go.set();
    const names = (report: { tasks: readonly { name: string }[] }) =>
      report.tasks.map(({ name }) => name);
    assertEquals(names(await one), ["two"]);
    assertEquals(names(await two), ["one"]);
  });
});

test("TaskTracker.cancelAll() works in the finally of a cancelled task", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    tracker.spawn(slowCleanup(20), { name: "worker" });
    let statuses: string[] = [];
    const owner = createTask(async () => {
      try {
        await sleep(Infinity);
      } finally {
        const { tasks } = await tracker.cancelAll();
        statuses = tasks.map(({ status }) => status);
      }
    });
    owner.cancel("stop");
    const error = await assertRejects(() => owner, CancelledError);
    assertEquals(error.reason.message, "stop");
    assertEquals(statuses, ["cancelled"]);
    assertEquals(clock.now, 20);
  });
});

test("TaskTracker.cancelAll() isn't ended by the cancellation of its caller", async () => {
  await withVirtualClock(async (clock) => {
    const tracker = new TaskTracker();
    tracker.spawn(slowCleanup(20));
    const caller = createTask(() => tracker.cancelAll());
    caller.cancel();
    const { succeeded } = await caller;
    assertEquals(succeeded, 1);
    assertEquals(clock.now, 20);
    assert(caller.cancelRequested);
  });
});

test("W23: TaskTracker.cancelAll() touches no task that it doesn't track, whatever its name", async () => {
  const tracker = new TaskTracker();
  tracker.spawn(forever);
  const name = "curl_cffi AsyncSession.request _force_timeout";
  const stranger = createTask(forever, { name });
  await tracker.cancelAll();
  assertFalse(stranger.cancelRequested);
  stranger.cancel();
  await assertRejects(() => stranger, CancelledError);
});

// Failures

test("TaskTracker.cancelAll() tells an earlier failure that nobody looked at, and the hook never does", async () => {
  await collectingFailures(async (failures) => {
    const tracker = new TaskTracker();
    const error = new Error("disk full");
    tracker.spawn(() => Promise.reject(error), { name: "writer" });
    await turns();
    const report = await tracker.cancelAll();
    assertEquals([report.succeeded, report.failed], [0, 1]);
    assertEquals(report.tasks[0]?.name, "writer");
    assertStrictEquals(report.tasks[0]?.error, error);
    tracker.close();
    await turns();
    assertEquals(failures, []);
    assertEquals((await tracker.cancelAll()).tasks, []);
  });
});

test("TaskTracker.cancelAll() doesn't tell a failure that somebody looked at", async () => {
  const tracker = new TaskTracker();
  const task = tracker.spawn(() => Promise.reject(new Error("handled")));
  await assertRejects(() => task, Error, "handled");
  assertEquals((await tracker.cancelAll()).tasks, []);
});

test("TaskTracker.close() reports each failure once to the hook when nothing runs", async () => {
  await collectingFailures(async (failures) => {
    const tracker = new TaskTracker();
    tracker.spawn(() => Promise.reject(new Error("one")), { name: "a" });
    tracker.spawn(() => Promise.reject(new Error("two")), { name: "b" });
    await turns();
    assertEquals(failures, []);
    tracker.close();
    tracker.close();
    await turns();
    assertEquals(failures.map(({ name }) => name), ["a", "b"]);
    assertEquals((await tracker.cancelAll()).tasks, []);
  });
});

test("TaskTracker reports a failure once when it is closed first and fails later", async () => {
  await collectingFailures(async (failures) => {
    const tracker = new TaskTracker();
    tracker.spawn(async ({ sleep }) => {
      await sleep(1);
      throw new Error("late");
    }, { name: "last" });
    tracker.close();
    await tracker.drain();
    await turns();
    assertEquals(failures.map(({ name }) => name), ["last"]);
  });
});

test("TaskTracker.close() doesn't report a failure that is awaited late", async () => {
  await collectingFailures(async (failures) => {
    const tracker = new TaskTracker();
    const task = tracker.spawn(() => Promise.reject(new Error("late look")));
    await turns();
    await assertRejects(() => task, Error, "late look");
    tracker.close();
    await turns();
    assertEquals(failures, []);
  });
});

test("TaskTracker never reports a cancelled task", async () => {
  await collectingFailures(async (failures) => {
    const tracker = new TaskTracker();
    tracker.spawn(forever).cancel();
    await tracker.drain();
    tracker.close();
    await turns();
    assertEquals(failures, []);
  });
});

test("TaskTracker.cancelAll() tells a failure in cleanup that the hook never hears of, though the parent ends too", async () => {
  await withVirtualClock(async () => {
    await collectingFailures(async (failures) => {
      const tracker = new TaskTracker();
      const error = new Error("flush failed");
      tracker.spawn(async () => {
        tracker.spawn(failsInCleanup(error), { name: "child" });
        await sleep(Infinity);
      }, { name: "parent" });
      tracker.spawn(slowCleanup(50), { name: "slow" });
      const { tasks } = await tracker.cancelAll();
      assertEquals(
        tasks.map(({ name, status }) => `${name} ${status}`).sort(),
        ["child failed", "parent cancelled", "slow cancelled"],
      );
      tracker.close();
      await turns();
      assertEquals(failures, []);
    });
  });
});

test("TaskTracker.cancelAll() of an untracking owner tells a failure that the hook never hears of", async () => {
  await withVirtualClock(async () => {
    await collectingFailures(async (failures) => {
      const closed = new TaskTracker();
      const tracker = new TaskTracker();
      const task = closed.spawn(failsInCleanup(new Error("x")), { name: "t" });
      closed.close();
      tracker.add(task);
      tracker.spawn(slowCleanup(50), { name: "slow" });
      const { failed } = await tracker.cancelAll();
      assertEquals(failed, 1);
      await turns();
      assertEquals(failures, []);
    });
  });
});

test("TaskTracker tells the failure of a promise once", async () => {
  await collectingFailures(async (failures) => {
    const tracker = new TaskTracker();
    const error = new Error("refused");
    const promise = tracker.add(Promise.reject(error));
    tracker.add(promise);
    await turns();
    const { failed, tasks } = await tracker.cancelAll();
    assertEquals(failed, 1);
    assertStrictEquals(tasks[0]?.error, error);
    tracker.close();
    await turns();
    assertEquals(failures, []);
  });
});

test("TaskTracker takes over a failed task that nobody looked at yet", async () => {
  await collectingFailures(async (failures) => {
    const tracker = new TaskTracker();
    const owner = createTask(async () => {
      const task = createTask(() => Promise.reject(new Error("x")), {
        name: "child",
      });
      while (!task.done) await null;
      tracker.add(task);
      return (await tracker.cancelAll()).tasks.map(({ name }) => name);
    });
    assertEquals(await owner, ["child"]);
    await turns();
    assertEquals(failures, []);
  });
});

test("TaskTracker tells a failure once when the failed task is added again", async () => {
  await collectingFailures(async () => {
    const tracker = new TaskTracker();
    const task = tracker.spawn(() => Promise.reject(new Error("x")));
    while (!task.done) await null;
    tracker.add(task);
    tracker.add(task);
    assertEquals((await tracker.cancelAll()).tasks.length, 1);
  });
});

test("TaskTracker keeps at most a thousand failures and reports the oldest", async () => {
  await collectingFailures(async (failures) => {
    const tracker = new TaskTracker();
    for (let i = 0; i < 1002; i++) {
      tracker.spawn(() => Promise.reject(new Error("x")), { name: `t${i}` });
    }
    await tracker.drain();
    assertEquals(failures.map(({ name }) => name), ["t0", "t1"]);
    const { tasks } = await tracker.cancelAll();
    assertEquals(tasks.length, 1000);
    assertEquals(tasks[0]?.name, "t2");
  });
});

// Disposal

test("TaskTracker[Symbol.asyncDispose]() closes the tracker and ends its tasks", async () => {
  const tracker = new TaskTracker();
  const task = tracker.spawn(forever);
  await tracker[Symbol.asyncDispose]();
  assertEquals(task.status, "cancelled");
  assert(tracker.closed);
  assertThrows(() => tracker.spawn(forever), InvalidStateError);
});

test("TaskTracker[Symbol.asyncDispose]() refuses tasks from its start on", async () => {
  const tracker = new TaskTracker();
  tracker.spawn(forever);
  const disposed = tracker[Symbol.asyncDispose]();
  assertThrows(() => tracker.spawn(forever), InvalidStateError);
  await disposed;
});

test("TaskTracker[Symbol.asyncDispose]() reports what is stuck through the hook", async () => {
  await withVirtualClock(async (clock) => {
    await collectingFailures(async (failures) => {
      const tracker = new TaskTracker();
      tracker.spawn(stubborn(5000), { name: "deaf" });
      await tracker[Symbol.asyncDispose]();
      assertEquals(clock.now, 1000);
      assertEquals(failures.map(({ name }) => name), ["deaf"]);
      const { error } = failures[0]!;
      assertInstanceOf(error, InvalidStateError);
      assertStringIncludes(error.message, "1000 ms");
      await tracker.drain();
      await turns();
      assertEquals(failures.length, 1);
    });
  });
});

test("TaskTracker[Symbol.asyncDispose]() reports each failure once through the hook", async () => {
  await collectingFailures(async (failures) => {
    const tracker = new TaskTracker();
    tracker.spawn(() => Promise.reject(new Error("a")), { name: "before" });
    tracker.spawn(failsInCleanup(new Error("b")), { name: "in cleanup" });
    await turns();
    await tracker[Symbol.asyncDispose]();
    await tracker[Symbol.asyncDispose]();
    await turns();
    assertEquals(failures.map(({ name }) => name), ["before", "in cleanup"]);
  });
});

test("TaskTracker[Symbol.asyncDispose]() tells the place of creation when that is known", async () => {
  const before = configure({ creationSites: true });
  try {
    await collectingFailures(async (failures) => {
      const tracker = new TaskTracker();
      tracker.spawn(failsInCleanup(new Error("b")), { name: "placed" });
      await tracker[Symbol.asyncDispose]();
      assertStringIncludes(failures[0]?.place ?? "", "tracker_test");
    });
  } finally {
    configure(before);
  }
});

test("TaskTracker.cancelAll() names the place of creation when that is known", async () => {
  const before = configure({ creationSites: true });
  try {
    const tracker = new TaskTracker();
    tracker.spawn(forever);
    const { tasks } = await tracker.cancelAll();
    assertStringIncludes(tasks[0]?.place ?? "", "tracker_test");
  } finally {
    configure(before);
  }
});

test("TaskTracker[Symbol.asyncDispose]() works within one of its own tasks", async () => {
  const tracker = new TaskTracker();
  const other = tracker.spawn(forever);
  const caller = tracker.spawn(async () => {
    await tracker[Symbol.asyncDispose]();
    return "still here";
  });
  assertEquals(await caller, "still here");
  assertEquals(other.status, "cancelled");
});

// Many

test("TaskTracker leaves nothing behind when 100,000 tasks went through it", async () => {
  const tracker = new TaskTracker();
  const before = allTasks().length;
  let done = 0;
  for (let i = 0; i < 100_000; i++) {
    tracker.spawn(() => {
      done++;
    });
    if (i % 1000 === 999) await tracker.drain();
  }
  assertEquals(done, 100_000);
  assertEquals(tracker.size, 0);
  assertEquals([...tracker], []);
  assertEquals(allTasks().length, before);
  assertEquals((await tracker.cancelAll()).tasks, []);
});

test("TaskTracker.cancelAll() ends 20,000 tasks at once", async () => {
  const tracker = new TaskTracker();
  for (let i = 0; i < 20_000; i++) tracker.spawn(forever);
  assertEquals(tracker.size, 20_000);
  const { succeeded, failed } = await tracker.cancelAll({ timeout: 60_000 });
  assertEquals([succeeded, failed], [20_000, 0]);
  assertEquals(tracker.size, 0);
});

// Progress

test("TaskTracker.progress adds up what its tasks tell", async () => {
  const tracker = new TaskTracker();
  const go = new AsyncEvent();
  const body = (total: number) =>
  async (context: {
    progress: { update(values: { total: number }): void; advance(): void };
  }) => {
    context.progress.update({ total });
    context.progress.advance();
    await go.wait();
  };
  tracker.spawn(body(3));
  const whole = tracker.progress;
  tracker.spawn(body(1));
  assertStrictEquals(tracker.progress, whole);
  assertEquals([whole.completed, whole.total], [2, 4]);
  go.set();
  tracker.close();
  await tracker.drain();
  await turns(1);
  assertEquals(whole.status, "completed");
});

test("TaskTracker.progress isn't final while the tracker is open", async () => {
  const tracker = new TaskTracker();
  const whole = tracker.progress;
  await tracker.spawn(() => 1);
  assertEquals(whole.status, "running");
  tracker.close();
  assertEquals(whole.status, "completed");
});

test("TaskTracker.progress of a closed empty tracker is final", () => {
  const tracker = new TaskTracker();
  tracker.close();
  assertEquals(tracker.progress.status, "completed");
});

test("TaskTracker.progress is failed when a task failed", async () => {
  await collectingFailures(async () => {
    const tracker = new TaskTracker();
    const whole = tracker.progress;
    tracker.spawn(() => Promise.reject(new Error("x")));
    tracker.spawn(() => 1);
    await tracker[Symbol.asyncDispose]();
    assertEquals(whole.status, "failed");
  });
});

test("TaskTracker.progress stays affordable with 10,000 tasks", async () => {
  const tracker = new TaskTracker();
  const whole = tracker.progress;
  for (let i = 0; i < 10_000; i++) {
    tracker.spawn(({ progress }) => {
      progress.update({ total: 2 });
      progress.advance();
      progress.advance();
    });
  }
  await tracker.drain();
  assertEquals([whole.completed, whole.total], [20_000, 20_000]);
});

test("TaskTracker.drain() refuses a tracked task, which would wait for itself", async () => {
  const tracker = new TaskTracker();
  const task = tracker.spawn(async ({ sleep }) => {
    await sleep(0);
    await tracker.drain();
  }, { name: "inside" });
  await assertRejects(
    () => task,
    InvalidStateError,
    'task "inside" is tracked and would wait for itself',
  );
  await tracker.drain();
});
