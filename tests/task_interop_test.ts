import { assertEquals, assertInstanceOf } from "@std/assert";
import { abortable, deadline } from "@std/async";
import { aggregateProgress, createTask, progressOf, Task } from "../mod.ts";
import { CancelScope } from "../mod.ts";
import { inspect } from "node:util";
import { test } from "./_harness.ts";

test("createTask() makes something that is an instance of Promise and of Task", async () => {
  const task = createTask(() => 1);
  assertInstanceOf(task, Promise);
  assertEquals(task instanceof Task, true);
  assertEquals(Promise.resolve(1) instanceof Task, false);
  await task;
});

test("createTask() makes a task that @std/async takes for a promise", async () => {
  const { signal } = new AbortController();
  assertEquals(await deadline(createTask(() => 7), 10_000), 7);
  assertEquals(await abortable(createTask(() => 8), signal), 8);
});

test("createTask() makes a task that a console shows by name and state", async () => {
  const task = createTask(() => 1, { name: "shown" });
  assertEquals(inspect(task), `Task ${task.id} "shown" (running)`);
  await task;
  assertEquals(inspect(task), `Task ${task.id} "shown" (completed)`);
});

test("JSON.stringify() writes a task as its id, name and state", async () => {
  const parent = createTask(async () => {
    const task = createTask(() => 1, { name: "logged" });
    const { id } = task;
    const written = (status: string) =>
      JSON.stringify({ task: { id, name: "logged", status } });
    assertEquals(JSON.stringify({ task }), written("running"));
    await task;
    assertEquals(JSON.stringify({ task }), written("completed"));
  });
  await parent;
});

test("new CancelScope() makes no thenable, so that a body may return it", async () => {
  const scope = new CancelScope();
  const task = createTask(() => Promise.resolve(scope));
  assertEquals(await task, scope);
});

test("progressOf() gives the progress that the body sees", async () => {
  const task = createTask(({ progress }) => {
    progress.update({ stage: "only", total: 1, completed: 1 });
  });
  await task;
  assertEquals(progressOf(task).snapshot().stage, "only");
  assertEquals(aggregateProgress([task]).status, "completed");
});
