import { withTask } from "./_probes.ts";
import { assert, assertFalse, assertThrows } from "@std/assert";
import {
  allTasks,
  AsyncEvent,
  cancelAndWait,
  createTask,
  propagateCancellation,
} from "../mod.ts";
import { test } from "./_harness.ts";
import { idle } from "./_probes.ts";

// Cycles

test("propagateCancellation() refuses an event as its own child", () => {
  const event = new AsyncEvent();
  assertThrows(
    () => propagateCancellation(event, [event]),
    TypeError,
    "Cannot propagate to [AsyncEvent]: it would cancel itself",
  );
});

test("propagateCancellation() refuses to close a ring of events", () => {
  const [one, two, three] = [
    new AsyncEvent(),
    new AsyncEvent(),
    new AsyncEvent(),
  ] as const;
  propagateCancellation(one, [two]);
  propagateCancellation(two, [three]);
  assertThrows(
    () => propagateCancellation(three, [one]),
    TypeError,
    "itself",
  );
  three.set();
  assertFalse(one.isSet);
});

test("propagateCancellation() refuses a ring though an event of it was set and cleared", () => {
  const one = new AsyncEvent();
  const two = new AsyncEvent();
  propagateCancellation(one, [two]);
  two.set();
  two.clear();
  assertThrows(() => propagateCancellation(two, [one]), TypeError, "itself");
});

test("propagateCancellation() allows the way back after disposal", () => {
  const one = new AsyncEvent();
  const two = new AsyncEvent();
  propagateCancellation(one, [two])[Symbol.dispose]();
  propagateCancellation(two, [one]);
  two.set();
  assert(one.isSet);
});

test("propagateCancellation() allows the way back after the cancellation was passed on", () => {
  const one = new AsyncEvent();
  const two = new AsyncEvent();
  propagateCancellation(one, [two]);
  one.set();
  one.clear();
  two.clear();
  propagateCancellation(two, [one]);
  two.set();
  assert(one.isSet);
});

test("Propagation.add() refuses a child that would cancel the parent", () => {
  const one = new AsyncEvent();
  const two = new AsyncEvent();
  propagateCancellation(one, [two]);
  const back = propagateCancellation(two, []);
  assertThrows(() => back.add(one), TypeError, "itself");
  assertThrows(() => back.add(two), TypeError, "itself");
});

test("propagateCancellation() refuses to go from a task to itself or an ancestor", async () => {
  const grandparent = createTask(async () => {
    const parent = createTask(async () => {
      await idle({ name: "child" });
    });
    await parent;
  }, { name: "grandparent" });
  const [, parent, child] = allTasks();
  for (const above of [grandparent, parent!, child!]) {
    assertThrows(
      () => propagateCancellation(child!, [above]),
      TypeError,
      "Cannot propagate to [TaskNode]: it would cancel itself",
    );
  }
  propagateCancellation(grandparent, [child!]);
  await cancelAndWait(grandparent);
});

test("propagateCancellation() refuses a ring through tasks, events and controllers", async () => {
  await withTask((task) => {
    const event = new AsyncEvent();
    const controller = new AbortController();
    propagateCancellation(task, [event]);
    propagateCancellation(event, [controller]);
    assertThrows(
      () => propagateCancellation(controller.signal, [task]),
      TypeError,
      "itself",
    );
  });
});

test("propagateCancellation() knows a controller by its signal", () => {
  const controller = new AbortController();
  assertThrows(
    () => propagateCancellation(controller.signal, [controller]),
    TypeError,
    "Cannot propagate to [AbortController]: it would cancel itself",
  );
});

test("propagateCancellation() knows an event and a task by their signals", async () => {
  const event = new AsyncEvent();
  assertThrows(
    () => propagateCancellation(event.signal, [event]),
    TypeError,
    "itself",
  );
  await withTask((task) => {
    assertThrows(
      () => propagateCancellation(task.signal, [task]),
      TypeError,
      "itself",
    );
  });
});

test("propagateCancellation() allows siblings and diamonds", () => {
  const [top, left, right, bottom] = Array.from(
    { length: 4 },
    () => new AsyncEvent(),
  ) as [AsyncEvent, AsyncEvent, AsyncEvent, AsyncEvent];
  propagateCancellation(top, [left, right]);
  propagateCancellation(left, [bottom]);
  propagateCancellation(right, [bottom]);
  top.set();
  assert(bottom.isSet);
});
