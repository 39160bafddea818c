/** What differs in a page, where the current task can't be known. */
import { assertEquals, assertStrictEquals } from "@std/assert";
import {
  createTask,
  currentTask,
  sleep,
  TaskGroup,
  TaskTracker,
} from "@mdc/tasks";
import { test } from "../_harness.ts";

test("currentTask() is known up to the first await, and undefined after it", async () => {
  const seen: (string | undefined)[] = [];
  await createTask(async () => {
    seen.push(currentTask()?.name);
    await null;
    seen.push(currentTask()?.name);
  }, { name: "work" });
  assertEquals(seen, ["work", undefined]);
});

test("a task belongs to nobody unless it is given its parent", async () => {
  const parent = createTask(async ({ sleep }) => await sleep(60_000));
  const child = createTask(({ sleep }) => sleep(60_000), { parent });
  const stray = createTask(({ sleep }) => sleep(60_000));
  assertStrictEquals(child.parent, parent);
  assertStrictEquals(stray.parent, undefined);
  parent.cancel("stop");
  await child.catch(() => {});
  assertEquals(child.status, "cancelled");
  assertEquals(child.reason?.kind, "parent");
  assertEquals(stray.status, "running");
  stray.cancel();
  await stray.catch(() => {});
  await parent.catch(() => {});
});

test("a wait ends by the signal that it is given", async () => {
  const task = createTask(({ signal }) => sleep(60_000, { signal }));
  task.cancel("stop");
  await task.catch(() => {});
  assertEquals(task.status, "cancelled");
});

test("a group and a tracker own what they spawn", async () => {
  const sum = await TaskGroup.run(async (group) => {
    const one = group.spawn(() => 1);
    return await one + await group.spawn(() => 2);
  });
  assertEquals(sum, 3);
  const tracker = new TaskTracker();
  tracker.spawn(({ sleep }) => sleep(60_000));
  const { succeeded, failed } = await tracker.cancelAll();
  assertEquals({ succeeded, failed }, { succeeded: 1, failed: 0 });
});
