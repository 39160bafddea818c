import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter } from "node:events";
import {
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  CancelledError,
  createTask,
  currentTask,
  type Task,
  type TaskContext,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";
import { assertRefused, ended, idle, never, onAbort } from "./_probes.ts";

test("currentTask() is undefined outside of any task", () => {
  assertEquals(currentTask(), undefined);
});

test("currentTask() is known in the eager part and gone for the caller", async () => {
  let seen: Task | undefined;
  const task = createTask(() => {
    seen = currentTask();
  });
  assertStrictEquals(seen, task);
  assertEquals(currentTask(), undefined);
  await task;
  assertEquals(currentTask(), undefined);
});

test("currentTask() follows await, timers and microtasks", async () => {
  const seen: (Task | undefined)[] = [];
  const note = () => seen.push(currentTask());
  const task = createTask(async (context) => {
    await null;
    note();
    await context.checkpoint();
    note();
    await context.sleep(1);
    note();
    await new Promise<void>((resolve) =>
      setTimeout(() => {
        note();
        resolve();
      }, 1)
    );
    await new Promise<void>((resolve) =>
      queueMicrotask(() => {
        note();
        resolve();
      })
    );
    await Promise.resolve().then(note);
    note();
  });
  await task;
  assertEquals(seen.length, 7);
  for (const each of seen) assertStrictEquals(each, task);
});

test("currentTask() follows callbacks of events that the task fires", async () => {
  const seen: (Task | undefined)[] = [];
  const note = () => seen.push(currentTask());
  const task = createTask(async ({ signal }) => {
    const emitter = new EventEmitter();
    emitter.on("data", note);
    const target = new EventTarget();
    target.addEventListener("data", note);
    onAbort(signal, note);
    await null;
    emitter.emit("data");
    target.dispatchEvent(new Event("data"));
    currentTask()!.cancel();
  });
  await task;
  assertEquals(seen.length, 3);
  for (const each of seen) assertStrictEquals(each, task);
});

test("currentTask() keeps concurrent tasks apart", async () => {
  const body = async ({ name, checkpoint }: TaskContext) => {
    for (let i = 0; i < 5; i++) {
      await checkpoint();
      assertEquals(currentTask()?.name, name);
    }
  };
  await Promise.all([..."abc"].map((name) => createTask(body, { name })));
});

test("currentTask() is the outer task again after the inner one was created", async () => {
  const outer = createTask(async () => {
    const inner = createTask(() => currentTask()?.name, { name: "inner" });
    assertEquals(currentTask()?.name, "outer");
    assertEquals(await inner, "inner");
    assertEquals(currentTask()?.name, "outer");
  }, { name: "outer" });
  await outer;
});

test("currentTask() in what a task left behind is an ancestor that runs, or nobody", async () => {
  const gate = Promise.withResolvers<void>();
  const late: (string | undefined)[] = [];
  let left: Promise<void> | undefined;
  const outer = createTask(async () => {
    await createTask(() => {
      left = gate.promise.then(() => void late.push(currentTask()?.name));
    }, { name: "inner" });
    gate.resolve();
    await left;
  }, { name: "outer" });
  await outer;
  const again = Promise.withResolvers<void>();
  await createTask(() => {
    left = again.promise.then(() => void late.push(currentTask()?.name));
  });
  again.resolve();
  await left;
  assertEquals(late, ["outer", undefined]);
});

test("currentTask() leaves other users' AsyncLocalStorage alone", async () => {
  const storage = new AsyncLocalStorage<string>();
  await storage.run("outside", async () => {
    const task = createTask(async ({ checkpoint, sleep, abortable }) => {
      assertEquals(storage.getStore(), "outside");
      await checkpoint();
      assertEquals(storage.getStore(), "outside");
      await storage.run("inside", async () => {
        await sleep(1);
        assertEquals(storage.getStore(), "inside");
        assertEquals(currentTask()?.name, "mine");
      });
      await abortable(Promise.resolve());
      assertEquals(storage.getStore(), "outside");
    }, { name: "mine" });
    assertEquals(storage.getStore(), "outside");
    await task;
    assertEquals(storage.getStore(), "outside");
  });
  assertEquals(storage.getStore(), undefined);
});

test("currentTask() survives exit() of another storage", async () => {
  const storage = new AsyncLocalStorage<string>();
  await createTask(async () => {
    await storage.exit(async () => {
      await null;
      assertEquals(currentTask()?.name, "mine");
    });
  }, { name: "mine" });
});

test("TaskContext has the task's name and signal", async () => {
  let context: TaskContext | undefined;
  const named = createTask((mine) => {
    context = mine;
  }, { name: "mine" });
  assertEquals(context!.name, "mine");
  assertStrictEquals(context!.signal, named.signal);
  await named;
});

test("TaskContext can be taken apart", async () => {
  await withVirtualClock(async (clock) => {
    const task = createTask(
      async ({ sleep, checkpoint, abortable, signal, name, progress }) => {
        await sleep(100);
        await checkpoint();
        progress.update({ total: 1 });
        progress.advance();
        return [name, await abortable(Promise.resolve(1)), signal.aborted];
      },
      { name: "parts" },
    );
    assertEquals(await task, ["parts", 1, false]);
    assertEquals(clock.now, 100);
  });
});

test("TaskContext methods obey the task wherever they are called", async () => {
  let sleep: TaskContext["sleep"] | undefined;
  let abortable: TaskContext["abortable"] | undefined;
  const task = createTask(async (context) => {
    ({ sleep, abortable } = context);
    await context.sleep(Infinity);
  });
  const outside = [sleep!(60_000), abortable!(never)];
  const other = createTask(() => sleep!(60_000));
  task.cancel("enough");
  for (const wait of [...outside, other]) {
    const error = await assertRejects(() => wait, CancelledError);
    assertEquals(error.reason.message, "enough");
  }
  await ended(task);
});

test("TaskContext is a cancel source", async () => {
  let context: TaskContext | undefined;
  const task = createTask((mine) => {
    context = mine;
    return mine.sleep(Infinity);
  });
  const other = idle({ signal: context! });
  task.cancel("enough");
  assertEquals(other.status, "cancelling");
  assertEquals(other.reason?.message, "enough");
  await Promise.all([task, other].map(ended));
});

test("TaskContext methods refuse wrong arguments at the call", async () => {
  const task = createTask(({ sleep, abortable }) => {
    const nap = (ms: unknown) => () => sleep(ms as number);
    assertRefused(nap(NaN), RangeError, "received NaN");
    assertRefused(nap(-5), RangeError, "received -5");
    assertRefused(nap("5"), TypeError, 'received "5"');
    assertRefused(nap(undefined), TypeError, "received undefined");
    const wait = (promise: unknown) => () =>
      abortable(promise as Promise<void>);
    assertRefused(wait(5), TypeError, "received 5");
  });
  await task;
});

test("TaskContext.progress is final when the task has ended", async () => {
  let context: TaskContext | undefined;
  const task = createTask((mine) => {
    context = mine;
    mine.progress.update({ total: 2, completed: 1 });
    return mine.sleep(Infinity);
  });
  const { progress } = context!;
  assertEquals(progress.status, "running");
  task.cancel();
  await ended(task);
  assertEquals([progress.status, progress.completed], ["cancelled", 1]);
  assertThrows(() => progress.advance());
});
