import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  CancelledError,
  CancelScope,
  checkpoint,
  createTask,
  currentTask,
  moveOnAfter,
  shield,
  sleep,
  TaskGroup,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";
import { assertRefused } from "./_probes.ts";
import { cancelledAround, forever } from "./_bodies.ts";

// What it gives

test("shield() resolves with the value of its body", async () => {
  assertEquals(await shield(() => sleep(1).then(() => "value")), "value");
});

test("shield() passes the error of its body through by identity", async () => {
  const error = new RangeError("own");
  assertStrictEquals(
    await assertRejects(() => shield(() => Promise.reject(error))),
    error,
  );
});

test("shield() rejects when its body throws synchronously", async () => {
  await assertRejects(
    () =>
      shield(() => {
        throw new RangeError("at once");
      }),
    RangeError,
  );
});

test("shield() is no task of its own: the current task stays", async () => {
  await createTask(async () => {
    const outside = currentTask();
    await shield(() => assertStrictEquals(currentTask(), outside));
  });
});

test("shield() works outside of any task", async () => {
  const value = await shield(async ({ sleep, checkpoint, abortable }) => {
    await sleep(1);
    await checkpoint();
    return await abortable(Promise.resolve("value"));
  });
  assertEquals(value, "value");
});

test("shield() refuses bad arguments and starts nothing", () => {
  const call = shield as (...args: unknown[]) => unknown;
  assertRefused(() => call(5), TypeError, "received 5");
  assertRefused(() => call(forever, null), TypeError, "received null");
  assertRefused(
    () => call(forever, { grace: NaN }),
    RangeError,
    "received NaN",
  );
  assertRefused(() => call(forever, { grace: -1 }), RangeError, "received -1");
  assertRefused(() => call(forever, { grace: "1" }), TypeError, 'received "1"');
  assertRefused(() => call(forever, { signal: 1 }), TypeError, "received 1");
});

// Cancellation outside

test("shield() keeps a cancellation away that has come already", async () => {
  await withVirtualClock(async (clock) => {
    const task = cancelledAround(() => shield(() => sleep(30)));
    await assertRejects(() => task, CancelledError, "outer");
    assertEquals(clock.now, 30);
    assertEquals(task.status, "cancelled");
  });
});

test("shield() keeps a cancellation away that comes while it runs", async () => {
  await withVirtualClock(async (clock) => {
    const seen: unknown[] = [];
    const task = createTask(async () => {
      await shield(async ({ signal }) => {
        await sleep(30); // eslint-disable-line mdc/require-signal-forwarding -- the innermost scope is what is tested
        seen.push(signal.aborted);
      });
      seen.push("the shield ends");
      await checkpoint();
      seen.push("never");
    });
    await sleep(5);
    task.cancel("outer");
    await assertRejects(() => task, CancelledError, "outer");
    assertEquals(clock.now, 30);
    assertEquals(seen, [false, "the shield ends"]);
  });
});

test("shield() gives its value though a cancellation came: the next wait sees that", async () => {
  const task = createTask(async () => {
    const value = await shield(() => sleep(1).then(() => "value"));
    assert(currentTask()?.cancelRequested);
    await assertRejects(() => checkpoint(), CancelledError);
    return value;
  });
  task.cancel();
  assertEquals(await task, "value");
});

test("shield() protects the tasks that its body starts", async () => {
  await withVirtualClock(async () => {
    const task = createTask(() =>
      shield(() => createTask(() => sleep(30).then(() => "flushed")))
    );
    task.cancel();
    assertEquals(await task, "flushed");
  });
});

test("shield() protects a group inside, and its children", async () => {
  await withVirtualClock(async () => {
    const task = createTask(() =>
      shield(() => TaskGroup.run((group) => group.spawn(() => sleep(30))))
    );
    task.cancel();
    await task;
    assertEquals(task.status, "completed");
  });
});

test("shield() doesn't stop a scope that is cancelled inside", async () => {
  const scope = new CancelScope();
  const value = await shield(async () => {
    const run = scope.run(forever);
    scope.cancel();
    await run;
    return "goes on";
  });
  assertEquals(value, "goes on");
});

test("shield() doesn't stop a deadline inside", async () => {
  await withVirtualClock(async (clock) => {
    const task = cancelledAround(() => shield(() => moveOnAfter(5, forever)));
    await assertRejects(() => task, CancelledError);
    assertEquals(clock.now, 5);
  });
});

test("shield() lets the failure of its body replace the cancellation", async () => {
  const error = new Error("can't close");
  const task = cancelledAround(() => shield(() => Promise.reject(error)));
  assertStrictEquals(await assertRejects(() => task), error);
  assertEquals(task.status, "failed");
});
