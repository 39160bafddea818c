import { assert, assertEquals, assertFalse, assertRejects } from "@std/assert";
import {
  AsyncEvent,
  CancelledError,
  createTask,
  formatReason,
  sleep,
  type Task,
  type TaskBody,
  TaskGroup,
  TaskTracker,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { deafSleep, slowCleanup } from "./_bodies.ts";
import { test } from "./_harness.ts";

const forever = () => sleep(Infinity);

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

test("TaskTracker.cancelAll() ends services after their users, though a service was added first", async () => {
  await withVirtualClock(async () => {
    const tracker = new TaskTracker();
    const ended: string[] = [];
    tracker.spawn(() =>
      TaskGroup.run((group) => {
        const database = () =>
          sleep(Infinity).finally(() => ended.push("database"));
        tracker.add(group.spawn(database, { service: true }));
        group.spawn(() =>
          slowCleanup(10)().finally(() => ended.push("worker"))
        );
      })
    );
    const { failed } = await tracker.cancelAll();
    assertEquals([ended, failed], [["worker", "database"], 0]);
  });
});

test("TaskTracker.cancelAll() cancels what hangs below an untracked task from above", async () => {
  const tracker = new TaskTracker();
  const tasks: Task[] = [];
  tracker.spawn(async () => {
    await createTask(async () => {
      tasks.push(tracker.add(createTask(forever, { name: "below" })));
      await forever();
    }, { name: "between" });
  }, { name: "above" });
  await tracker.cancelAll();
  assertEquals(
    formatReason(tasks[0]!.reason!),
    'cancelled with its parent "between" <- cancelled with its parent "above" <- cancelled',
  );
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

test("tracker.cancelAll() bounds a task that starts itself anew whenever it is cancelled", async () => {
  const tracker = new TaskTracker();
  let stop = false;
  const worker: TaskBody<void> = async ({ sleep }) => {
    try {
      await sleep(60_000);
    } finally {
      if (!stop) void tracker.spawn(worker);
    }
  };
  void tracker.spawn(worker);
  const { tasks } = await tracker.cancelAll({ timeout: 20 });
  stop = true;
  assert(tasks.length > 1);
  await tracker[Symbol.asyncDispose]();
});
