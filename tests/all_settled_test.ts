import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  allSettled,
  allTasks,
  CancelledError,
  createTask,
  moveOnAfter,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import {
  after,
  collectingFailures,
  deafSleep,
  fails,
  forever,
} from "./_bodies.ts";
import { test } from "./_harness.ts";
import { turn } from "./_probes.ts";

test("allSettled() tells how each ended, in order, and stops nobody", async () => {
  await withVirtualClock(async () => {
    const error = new Error("no");
    const task = createTask(forever, { name: "task" });
    const run = allSettled<unknown>([after(20, "a"), fails(error), task]);
    task.cancel("not this one");
    const [a, b, c] = await run;
    assertEquals(a, { status: "completed", value: "a" });
    assertEquals(b, { status: "failed", error });
    assert(c?.status === "cancelled");
    assertEquals(c.reason.message, "not this one");
  });
});

test("allSettled() gives an empty list when it is given nothing", async () => {
  assertEquals(await allSettled([]), []);
});

test("allSettled() reports the failures that it can't give because of outer cancellation", async () => {
  const error = new Error("early");
  await collectingFailures(async (failures) => {
    const task = createTask(() => allSettled([fails(error), forever]));
    await turn();
    task.cancel("outer");
    await assertRejects(() => task, CancelledError, "outer");
    await turn();
    assertEquals(failures.map(({ error }) => error), [error]);
  });
});

test("allSettled() under a time limit leaves nothing running", async () => {
  await withVirtualClock(async () => {
    await moveOnAfter(10, () => allSettled([forever, () => deafSleep(30)]));
    assertEquals(allTasks(), []);
  });
});

test("allSettled() of a record tells how each ended by the same names", async () => {
  const error = new Error("no");
  const outcomes = await allSettled({ users: () => 1, orders: fails(error) });
  assertEquals(outcomes, {
    users: { status: "completed", value: 1 },
    orders: { status: "failed", error },
  });
});
