import {
  assert,
  assertEquals,
  assertFalse,
  assertMatch,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  all,
  allTasks,
  AsyncEvent,
  CancelledError,
  CancelScope,
  checkpoint,
  configure,
  createTask,
  InvalidStateError,
  sleep,
  type Task,
  TaskGroup,
} from "../mod.ts";
import {
  checkLeaks,
  LeakError,
  Sequencer,
  untilIdle,
  withVirtualClock,
} from "../testing.ts";
import { test } from "./_harness.ts";
import { runTests } from "./_run_everywhere.ts";
import { assertRefused, assertTasks, ended, idle } from "./_probes.ts";

const forever = () => sleep(Infinity);

// Sequencer

test("Sequencer.step() runs steps in the order of their numbers, whoever comes first", async () => {
  const sequencer = new Sequencer();
  const order: number[] = [];
  await all(
    [4, 2, 0, 3, 1].map((n) => () => sequencer.step(n, () => order.push(n))),
  );
  assertEquals(order, [0, 1, 2, 3, 4]);
});

test("Sequencer.step() waits for the end of the step before", async () => {
  await withVirtualClock(async (clock) => {
    const sequencer = new Sequencer();
    const times: number[] = [];
    const step = (n: number) => () =>
      sequencer.step(n, async () => {
        times.push(clock.now);
        await sleep(10);
      });
    await all([step(1), step(0), step(2)]);
    assertEquals(times, [0, 10, 20]);
  });
});

test("Sequencer.step() gives what its body returns, and passes on what it throws", async () => {
  const sequencer = new Sequencer();
  assertEquals(await sequencer.step(0, () => "value"), "value");
  const error = new RangeError("step");
  const caught = await assertRejects(() =>
    sequencer.step(1, () => Promise.reject(error))
  );
  assertStrictEquals(caught, error);
});

test("Sequencer.step() passes the turn on when its body throws", async () => {
  const sequencer = new Sequencer();
  await assertRejects(() => sequencer.step(0, () => Promise.reject(1)));
  assertEquals(await sequencer.step(1, () => "next"), "next");
});

test("Sequencer.step() refuses a number that is none, and one that was claimed", async () => {
  const sequencer = new Sequencer();
  const step = (index: unknown) => () =>
    sequencer.step(index as number, () => {});
  assertRefused(step(-1), RangeError, "received -1");
  assertRefused(step(0.5), RangeError, "received 0.5");
  assertRefused(step("0"), RangeError, 'received "0"');
  await sequencer.step(0, () => {});
  assertRefused(
    step(0),
    InvalidStateError,
    "Cannot take step 0: it was claimed before",
  );
});

test("Sequencer.step() is cancelled with the current task", async () => {
  const sequencer = new Sequencer();
  let ran = false;
  const task = createTask(() =>
    sequencer.step(1, () => {
      ran = true;
    })
  );
  task.cancel("enough");
  await assertRejects(() => task, CancelledError, "enough");
  assertFalse(ran);
});

test("Sequencer.step() rejects when an earlier step was cancelled before its turn", async () => {
  const sequencer = new Sequencer();
  const cancelled = createTask(() => sequencer.step(1, () => {}));
  const waiting = createTask(() => sequencer.step(2, () => {}));
  cancelled.cancel();
  await assertRejects(
    () => waiting,
    InvalidStateError,
    "Cannot take step 2: step 1 was cancelled",
  );
  await assertRejects(() => sequencer.step(3, () => {}), InvalidStateError);
  assertEquals(await sequencer.step(0, () => "still comes"), "still comes");
  assertEquals(cancelled.status, "cancelled");
});

test("Sequencer.step() forces a race in which cancel() comes between two steps", async () => {
  const sequencer = new Sequencer();
  const scope = new CancelScope();
  const seen: string[] = [];
  await TaskGroup.run((group) => {
    group.spawn(async () => {
      await scope.run(async () => {
        await sequencer.step(0, () => seen.push("works"));
        await sequencer.step(2, () => checkpoint());
        seen.push("never");
      });
      seen.push("was cut short");
    });
    group.spawn(() => sequencer.step(1, () => scope.cancel()));
  });
  assertEquals(seen, ["works", "was cut short"]);
});

// untilIdle()

test("untilIdle() resolves after all reactions and checkpoints that are under way", async () => {
  const event = new AsyncEvent();
  const task = createTask(async () => {
    await event.wait();
    for (let i = 0; i < 50; i++) await null;
    await checkpoint();
    return "reacted";
  });
  event.set();
  await untilIdle();
  assertEquals(task.status, "completed");
});

test("untilIdle() doesn't wait for time to pass", async () => {
  const task = idle();
  await untilIdle();
  assertEquals(task.status, "running");
  task.cancel();
  await ended(task);
});

// checkLeaks()

test("checkLeaks() gives what its body returns when nothing is left", async () => {
  const value = await checkLeaks(async () => {
    await createTask(() => checkpoint());
    return "value";
  });
  assertEquals(value, "value");
});

test("checkLeaks() names each task that was left running, and where it was created", async () => {
  const error = await assertRejects(
    () =>
      checkLeaks(() => {
        void createTask(forever, { name: "poller" });
        void createTask(forever, { name: "watcher" });
      }),
    LeakError,
    "2 tasks left running:",
  );
  assertEquals(error.name, "LeakError");
  assertEquals(error.tasks.map(({ name }) => name), ["poller", "watcher"]);
  assert(error.tasks.every(({ place }) => place?.includes("testing_test.ts")));
  assert(error.message.includes('task "poller", created\n'));
});

test("checkLeaks() cancels what was left running", async () => {
  let left: Task | undefined;
  await assertRejects(() =>
    checkLeaks(() => {
      left = createTask(forever);
    }), LeakError);
  await ended(left!);
  assertEquals(left?.reason?.message, "left running");
  assertTasks([]);
});

test("checkLeaks() compares by identity: one that ends can't hide one that is left", async () => {
  const before = idle();
  const error = await assertRejects(() =>
    checkLeaks(async () => {
      before.cancel();
      await ended(before);
      void createTask(forever, { name: "new" });
    }), LeakError);
  assertEquals(error.tasks.map(({ name }) => name), ["new"]);
});

test("checkLeaks() leaves tasks alone that ran before", async () => {
  const before = idle();
  await checkLeaks(() => {});
  assertFalse(before.cancelRequested);
  before.cancel();
  await ended(before);
});

test("checkLeaks() finds a task that is left in a scope or detached", async () => {
  const event = new AsyncEvent();
  const error = await assertRejects(() =>
    checkLeaks(async () => {
      void createTask(forever, { name: "detached", detached: true });
      await new CancelScope({ signal: event }).run(() =>
        void createTask(forever, { name: "inside" })
      );
    }), LeakError);
  assertEquals(
    error.tasks.map(({ name }) => name).toSorted(),
    ["detached", "inside"],
  );
});

test("checkLeaks() gives tasks that are about to end the rest of the turn", async () => {
  await checkLeaks(() => void createTask(() => Promise.resolve()));
});

test("checkLeaks() rejects with what its body throws, and still cancels what is left", async () => {
  const error = new RangeError("body");
  let left: Task | undefined;
  const caught = await assertRejects(() =>
    checkLeaks(() => {
      left = createTask(forever);
      throw error;
    })
  );
  assertStrictEquals(caught, error);
  await ended(left!);
  assertEquals(left?.status, "cancelled");
});

test("checkLeaks() puts the settings back", async () => {
  await checkLeaks(() => assert(configure({}).creationSites));
  await checkLeaks(() => Promise.reject(1)).catch(() => {});
  assertFalse(configure({}).creationSites);
});

test("checkLeaks() refuses a body that is no function", () => {
  const call = checkLeaks as (body: unknown) => unknown;
  assertRefused(() => call(5), TypeError, "received 5");
});

// As people use it: the function of a test is wrapped, in either runner.

test("checkLeaks() wraps the function of a test", () =>
  checkLeaks(async () => {
    await createTask(() => checkpoint());
    assertEquals(allTasks(), []);
  }));

test("checkLeaks() fails a Deno.test and a node:test that leaves a task, and not the next one", async () => {
  const file = "test_fails_on_a_leak.ts";
  for (const { runtime, code, lines, stderr } of await runTests(file)) {
    const output = [...lines, stderr].join("\n");
    assertEquals(code, 1, `${runtime}: ${output}`);
    assertMatch(output, /LeakError: 1 task left running:\s+task "forgotten"/);
    assertMatch(output, /test_fails_on_a_leak\.ts:7:/);
    assertMatch(
      output,
      /1 passed \| 1 failed|pass 1\b[^]*fail 1\b|1 pass\n 1 fail\n/,
    );
  }
});
