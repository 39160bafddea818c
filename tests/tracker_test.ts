import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  allTasks,
  CancelledError,
  createTask,
  InvalidStateError,
  sleep,
  Task,
  TaskTracker,
} from "../mod.ts";
import { turns } from "./_bodies.ts";
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
