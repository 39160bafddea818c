import { withTask } from "./_probes.ts";
import {
  assert,
  assertEquals,
  assertFalse,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  allTasks,
  AsyncEvent,
  type CancelSource,
  formatReason,
  propagateCancellation,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";
import { onAbort, spy } from "./_probes.ts";

// Passing on

test("propagateCancellation() cancels the children before set() returns", () => {
  const parent = new AsyncEvent();
  const children = [new AsyncEvent(), new AsyncEvent()];
  propagateCancellation(parent, children);
  assertEquals(children.map(({ isSet }) => isSet), [false, false]);
  parent.set();
  assertEquals(children.map(({ isSet }) => isSet), [true, true]);
});

test("propagateCancellation() cancels at once when the parent is cancelled already", async () => {
  const parent = new AsyncEvent();
  parent.set();
  const child = new AsyncEvent();
  const propagation = propagateCancellation(parent, [child]);
  assert(child.isSet);
  assertEquals((await propagation.done).status, "propagated");
});

test("W15: propagateCancellation() needs no task and no timer", async () => {
  await withVirtualClock((clock) => {
    const before = allTasks();
    using(propagateCancellation(new AsyncEvent(), [new AsyncEvent()]), () => {
      assertEquals(allTasks(), before);
      assertEquals(clock.timers, 0);
    });
  });
});

test("propagateCancellation() leaves children alone that were cancelled before", () => {
  const controller = new AbortController();
  const first = new Error("first");
  controller.abort(first);
  const parent = new AsyncEvent();
  propagateCancellation(parent, [controller]);
  parent.set();
  assertStrictEquals(controller.signal.reason, first);
});

test("propagateCancellation() passes on once, though the parent is cancelled again", () => {
  const parent = new AsyncEvent();
  const child = new AsyncEvent();
  propagateCancellation(parent, [child]);
  parent.set();
  child.clear();
  parent.set();
  parent.clear();
  parent.set();
  assertFalse(child.isSet);
});

test("propagateCancellation() doesn't miss a pulse", () => {
  const parent = new AsyncEvent();
  const child = new AsyncEvent();
  propagateCancellation(parent, [child]);
  parent.set();
  parent.clear();
  assert(child.isSet);
});

test("propagateCancellation() passes on down a chain of 10,000 events in one go", () => {
  const events = Array.from({ length: 10_000 }, () => new AsyncEvent());
  for (let i = events.length - 1; i > 0; i--) {
    propagateCancellation(events[i - 1]!, [events[i]!]);
  }
  events[0]?.set();
  assert(events.every(({ isSet }) => isSet));
});

test("propagateCancellation() passes on down a chain of 1,000 controllers in one go", () => {
  const reason = new Error("deep");
  const all = Array.from({ length: 1000 }, () => new AbortController());
  for (let i = all.length - 1; i > 0; i--) {
    propagateCancellation(all[i - 1]!, [all[i]!]);
  }
  all[0]?.abort(reason);
  assert(all.every(({ signal }) => signal.reason === reason));
});

test("propagateCancellation() shows a listener its own effects at once", () => {
  const first = new AsyncEvent();
  const second = new AsyncEvent();
  const third = new AsyncEvent();
  propagateCancellation(second, [third]);
  let seen = false;
  onAbort(first.signal, () => {
    second.set();
    seen = third.isSet;
  });
  first.set();
  assert(seen);
});

test("propagateCancellation() cancels its children in the order in which they were given", () => {
  const parent = new AsyncEvent();
  const order: number[] = [];
  const children = [0, 1, 2].map((index) => {
    const controller = new AbortController();
    controller.signal.addEventListener("abort", () => order.push(index));
    return controller;
  });
  propagateCancellation(parent, children);
  parent.set();
  assertEquals(order, [0, 1, 2]);
});

test("propagateCancellation() takes any iterable of children", () => {
  const parent = new AsyncEvent();
  const set = new Set([new AsyncEvent(), new AsyncEvent()]);
  propagateCancellation(parent, set);
  const listed = [new AsyncEvent()];
  propagateCancellation(parent, listed);
  listed.push(new AsyncEvent());
  parent.set();
  assert([...set].every(({ isSet }) => isSet));
  assertEquals(listed.map(({ isSet }) => isSet), [true, false]);
});

test("propagateCancellation() never goes up", async () => {
  const parent = new AsyncEvent();
  await withTask(async (task) => {
    propagateCancellation(parent, [task]);
    task.cancel();
    await task.catch(() => {});
    assertFalse(parent.isSet);
  });
});

test("propagateCancellation() lets several parents share a child", () => {
  const one = new AsyncEvent();
  const two = new AsyncEvent();
  const controller = new AbortController();
  propagateCancellation(one, [controller]);
  propagateCancellation(two, [controller]);
  two.set();
  assert(controller.signal.aborted);
  one.set();
});

// Bad input

test("propagateCancellation() throws a TypeError when a child is an AbortSignal", () => {
  const { signal } = new AbortController();
  const parent = new AsyncEvent();
  const message =
    "Cannot propagate to an AbortSignal: only its AbortController";
  assertThrows(
    () => propagateCancellation(parent, [signal]),
    TypeError,
    message,
  );
  assertThrows(
    () => propagateCancellation(parent, []).add(signal),
    TypeError,
    message,
  );
});

test("propagateCancellation() links nobody when one child is wrong", () => {
  const spied = spy();
  const { controller } = spied;
  const good = new AsyncEvent();
  for (const bad of [new AbortController().signal, controller, undefined]) {
    assertThrows(
      () => propagateCancellation(controller, [good, bad as CancelSource]),
      TypeError,
    );
  }
  assertEquals(spied.now, 0);
  controller.abort();
  assertFalse(good.isSet);
});

test("propagateCancellation() cancels nobody when one child is wrong and the parent is cancelled", () => {
  const good = new AsyncEvent();
  assertThrows(
    () =>
      propagateCancellation(AbortSignal.abort(), [
        good,
        5 as unknown as CancelSource,
      ]),
    TypeError,
    "received 5",
  );
  assertFalse(good.isSet);
});

for (const wrong of [undefined, null, 5, "event", {}, () => {}]) {
  test(`propagateCancellation() throws a TypeError when the parent or a child is ${String(wrong)}`, () => {
    const source = wrong as unknown as CancelSource;
    assertThrows(
      () => propagateCancellation(source, []),
      TypeError,
      "Cannot use the parent of propagateCancellation(): expected an AbortSignal",
    );
    assertThrows(
      () => propagateCancellation(new AsyncEvent(), [source]),
      TypeError,
      "received",
    );
    assertThrows(
      () => propagateCancellation(new AsyncEvent(), []).add(source),
      TypeError,
      "received",
    );
  });
}

for (const wrong of [undefined, null, 5, "ab", new AsyncEvent()]) {
  test(`propagateCancellation() throws a TypeError when the children are ${String(wrong)}`, () => {
    assertThrows(
      () =>
        propagateCancellation(
          new AsyncEvent(),
          wrong as unknown as CancelSource[],
        ),
      TypeError,
      "expected children in an iterable, received",
    );
  });
}

/** The `using` statement, for runtimes that don't have it. */
function using(resource: Disposable, body: () => void): void {
  try {
    body();
  } finally {
    resource[Symbol.dispose]();
  }
}

test("propagateCancellation() leaves an event alone that was set before: its reason stays its own", () => {
  const parent = new AsyncEvent();
  const child = new AsyncEvent();
  const read = new AsyncEvent();
  propagateCancellation(parent, [child, read]);
  child.set();
  read.set();
  const { signal } = read;
  parent.set();
  for (const reason of [child.signal.reason, read.signal.reason]) {
    assertEquals(formatReason(reason.reason), "cancelled by an event");
  }
  assertStrictEquals(read.signal, signal);
});
