import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import {
  CancelledError,
  CancelScope,
  checkpoint,
  createTask,
  InvalidStateError,
  sleep,
  TaskGroup,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { fails, failsInCleanup, forever, slowCleanup } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { assertRefused, groupError } from "./_probes.ts";

test("group[Symbol.asyncDispose]() cancels the children and waits for them", async () => {
  await withVirtualClock(async (clock) => {
    const group = new TaskGroup();
    const child = group.spawn(slowCleanup(20));
    await group[Symbol.asyncDispose]();
    assertEquals(child.status, "cancelled");
    assertEquals(clock.now, 20);
    assertRefused(
      () => group.spawn(forever),
      InvalidStateError,
      "it has ended",
    );
  });
});

test("group[Symbol.asyncDispose]() rejects with what the children failed with", async () => {
  const error = new Error("can't close");
  const group = new TaskGroup({ name: "g" });
  group.spawn(failsInCleanup(error));
  const caught = await groupError(group[Symbol.asyncDispose]());
  assertEquals(caught.errors, [error]);
});

test("group.join() waits for the children and closes the group", async () => {
  await withVirtualClock(async (clock) => {
    const group = new TaskGroup();
    group.spawn(() => sleep(20));
    await group.join();
    assertEquals(clock.now, 20);
    assertRefused(
      () => group.spawn(forever),
      InvalidStateError,
      "it has ended",
    );
    await group[Symbol.asyncDispose]();
  });
});

test("group.join() rejects with the errors, and disposing doesn't throw them again", async () => {
  const error = new Error("broken");
  const group = new TaskGroup();
  group.spawn(fails(error));
  assertEquals((await groupError(group.join())).errors, [error]);
  await group[Symbol.asyncDispose]();
});

test("group.join() rejects with the outer cancellation that cut a child short", async () => {
  const task = createTask(async () => {
    const group = new TaskGroup();
    group.spawn(forever);
    await group.join();
  });
  task.cancel("outer");
  await assertRejects(() => task, CancelledError, "outer");
});

test("a group opened by hand cancels the siblings of a failed child, not the code around it", async () => {
  const group = new TaskGroup();
  const sibling = group.spawn(forever);
  group.spawn(fails(new Error("broken")));
  await checkpoint();
  assertEquals(sibling.status, "cancelled");
  await groupError(group.join());
});

test("group.join() rejects when a child of the group calls it, instead of hanging", async () => {
  const caught = await groupError(TaskGroup.run((group) => {
    group.spawn(() => group.join(), { name: "child" });
  }, { name: "g" }));
  assertEquals(
    String(caught.errors[0]),
    'InvalidStateError: Cannot wait for group "g": task "child" is in it',
  );
});

test("group.name is the one given, or says what it is", () => {
  const named = new TaskGroup({ name: "workers" });
  const unnamed = new TaskGroup();
  assertEquals(named.name, "workers");
  assertMatch(unnamed.name, /^group-\d+$/);
  return Promise.all([named.join(), unnamed.join()]).then(() => {});
});

test("TaskGroup.run() rejects and names both when a scope is still running at the end of its body", async () => {
  const inner = new CancelScope({ name: "inner" });
  let run: Promise<void> = Promise.resolve();
  const caught = await groupError(TaskGroup.run(() => {
    run = inner.run(forever);
  }, { name: "g" }));
  assertEquals(
    caught.errors[0].message,
    'Cannot leave scope "g": scope "inner" was entered in it and is still running; await it before the end of "g"',
  );
  await assertRejects(() => run, CancelledError, "its body failed");
});
