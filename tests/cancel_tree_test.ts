/**
 * What holds while a cancellation is told: everybody is marked first, and
 * nothing that throws keeps the next from being told.
 */
import { assert, assertEquals, assertFalse } from "@std/assert";
import {
  AsyncEvent,
  CancelScope,
  createTask,
  propagateCancellation,
  sleep,
  Task,
  type TaskContext,
} from "../mod.ts";
import { test } from "./_harness.ts";
import { ended, idle, onAbort, uncaughtIn } from "./_probes.ts";

for (const asked of [true, false]) {
  const before = asked ? "that was asked for before" : "that nobody asked for";

  test(`a listener of a linked event finds the task cancelled and its signal, ${before}, aborted`, async () => {
    const task = idle();
    const event = new AsyncEvent();
    propagateCancellation(task, [event]);
    if (asked) assertFalse(task.signal.aborted);
    const seen: boolean[][] = [];
    onAbort(
      event.signal,
      () => seen.push([task.cancelRequested, task.signal.aborted]),
    );
    task.cancel();
    assertEquals(seen, [[true, true]]);
    await ended(task);
  });
}

test("a listener of a signal finds everybody cancelled who will be, over all links", async () => {
  const parent = createTask(async () => {
    await createTask(() => sleep(Infinity), { name: "child" });
  });
  const event = new AsyncEvent();
  const linked = idle();
  const last = new AbortController();
  propagateCancellation(parent, [event, last]);
  propagateCancellation(event, [linked]);
  for (const signal of [parent.signal, linked.signal, event.signal]) {
    assertFalse(signal.aborted);
  }
  const seen: boolean[][] = [];
  const look = () =>
    seen.push([
      parent.cancelRequested,
      parent.signal.aborted,
      event.isSet,
      event.signal.aborted,
      linked.cancelRequested,
      linked.signal.aborted,
    ]);
  for (const signal of [parent.signal, event.signal, last.signal]) {
    onAbort(signal, look);
  }
  parent.cancel();
  assertEquals(seen, Array.from({ length: 3 }, () => Array(6).fill(true)));
  assert(last.signal.aborted);
  await Promise.all([ended(parent), ended(linked)]);
});

test("a signal that is read while its node is being cancelled aborts once", async () => {
  const task = idle();
  const event = new AsyncEvent();
  propagateCancellation(task, [event]);
  let aborts = 0;
  onAbort(task.signal, () => aborts++);
  onAbort(event.signal, () => void task.signal);
  task.cancel();
  assertEquals(aborts, 1);
  await ended(task);
});

test("a controller whose abort() throws keeps nobody from being cancelled, and is reported", async () => {
  const bug = new Error("abort() is broken");
  const broken = {
    signal: new AbortController().signal,
    abort() {
      throw bug;
    },
  };
  const event = new AsyncEvent();
  const task = idle();
  const propagation = propagateCancellation(event, [broken, task]);
  const thrown = await uncaughtIn(async () => {
    event.set();
    assertEquals(task.status, "cancelling");
    assertEquals((await propagation.done).status, "propagated");
    await ended(task);
  });
  assertEquals([task.status, thrown], ["cancelled", [bug]]);

  // Also if the parent was cancelled before.
  const other = idle();
  assertEquals(
    await uncaughtIn(async () => {
      propagateCancellation(event, [broken, other]);
      assertEquals(other.status, "cancelling");
      await ended(other);
    }),
    [bug],
  );
});

test("a cancel() of Task.from() that throws keeps the siblings from nothing", async () => {
  const event = new AsyncEvent();
  const foreign = Task.from(
    new Promise<void>(() => {}),
    {
      cancel() {
        throw new Error("the library is broken");
      },
      signal: event,
    } as Parameters<typeof Task.from>[1],
  );
  const task = idle({ signal: event });
  propagateCancellation(event, [foreign]);
  await uncaughtIn(async () => {
    event.set();
    await ended(task);
  });
  assertEquals([foreign.cancelRequested, task.status], [true, "cancelled"]);
});

test("a made-up abort event doesn't make a signal deaf", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const early = idle({ signal });
  signal.dispatchEvent(new Event("abort"));
  assertEquals(early.status, "running");
  const late = idle({ signal });
  signal.dispatchEvent(new Event("abort"));
  assertEquals(late.status, "running");
  controller.abort();
  assertEquals([early.status, late.status], ["cancelling", "cancelling"]);
  await Promise.all([ended(early), ended(late)]);
});

test("a chain of 2,000 tasks, each under the signal of the one before, is cancelled as one", async () => {
  const first = idle();
  const tasks = [first];
  for (let i = 0; i < 2_000; i++) {
    tasks.push(idle({ signal: tasks.at(-1)!.signal, detached: true }));
  }
  first.cancel();
  assert(tasks.every((task) => task.cancelRequested));
  await Promise.all(tasks.map(ended));
});

test("a chain of 10,000 events is set as one", () => {
  const events = Array.from({ length: 10_000 }, () => new AsyncEvent());
  events.reduce((parent, child) => {
    propagateCancellation(parent, [child]);
    return child;
  });
  events[0]!.set();
  assert(events.every((event) => event.isSet && event.signal.aborted));
});

test("cancelling from a listener has told everybody when it returns", async () => {
  const outer = idle();
  const inner = new CancelScope();
  const waits: string[] = [];
  const work = inner.run(async () => {
    const current: TaskContext["signal"] = inner.signal;
    onAbort(current, () => waits.push("aborted"));
    await sleep(Infinity);
  });
  onAbort(outer.signal, () => {
    inner.cancel();
    waits.push(`returned, ${inner.signal.aborted}`);
  });
  outer.cancel();
  assertEquals(waits, ["aborted", "returned, true"]);
  await Promise.all([work, ended(outer)]);
});
