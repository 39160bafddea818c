import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertNotStrictEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  allTasks,
  AsyncEvent,
  cancelAndWait,
  CancelledError,
  CancelScope,
  type CancelSource,
  createTask,
  formatReason,
  propagateCancellation,
  sleep,
  type Task,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { collectingFailures, slowCleanup, turns } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { onAbort } from "./_probes.ts";

const forever = () => sleep(Infinity);

/** A task for a test, which is over at its end however the test goes. */
async function withTask(
  body: (task: Task) => unknown,
  options: Parameters<typeof createTask>[1] = {},
): Promise<void> {
  const task = createTask(forever, options);
  try {
    await body(task);
  } finally {
    await cancelAndWait(task);
  }
}

/** Whether a promise is settled by now. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol();
  await turns(1);
  return await Promise.race([promise, pending]) !== pending;
}

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

// Every kind of source, on both sides

interface Kind {
  readonly name: string;
  make(): { source: CancelSource; cancel(): void; end(): Promise<unknown> };
}

const nothing = () => Promise.resolve();

const KINDS: Kind[] = [
  {
    name: "an event",
    make() {
      const source = new AsyncEvent();
      return { source, cancel: () => source.set(), end: nothing };
    },
  },
  {
    name: "a task",
    make() {
      const source = createTask(forever);
      return {
        source,
        cancel: () => void source.cancel(),
        end: () => cancelAndWait(source),
      };
    },
  },
  {
    name: "a controller",
    make() {
      const source = new AbortController();
      return { source, cancel: () => source.abort(), end: nothing };
    },
  },
  {
    name: "a scope",
    make() {
      const source = new CancelScope();
      return { source, cancel: () => void source.cancel(), end: nothing };
    },
  },
  {
    name: "a signal",
    make() {
      const controller = new AbortController();
      return {
        source: controller.signal,
        cancel: () => controller.abort(),
        end: nothing,
      };
    },
  },
];

const aborted = (source: CancelSource) =>
  source instanceof AbortSignal ? source.aborted : source.signal.aborted;

for (const from of KINDS) {
  for (const to of KINDS) {
    if (to.name === "a signal") continue;
    test(`propagateCancellation() goes from ${from.name} to ${to.name}`, async () => {
      const parent = from.make();
      const child = to.make();
      const propagation = propagateCancellation(parent.source, [child.source]);
      assertFalse(aborted(child.source));
      parent.cancel();
      assert(aborted(child.source));
      assertEquals((await propagation.done).status, "propagated");
      await Promise.all([parent.end(), child.end()]);
    });

    test(`propagateCancellation() from ${from.name} to ${to.name} is over when disposed of`, async () => {
      const parent = from.make();
      const child = to.make();
      const propagation = propagateCancellation(parent.source, [child.source]);
      propagation[Symbol.dispose]();
      assertFalse(aborted(child.source));
      assertFalse(aborted(parent.source));
      parent.cancel();
      assertFalse(aborted(child.source));
      assertEquals(await propagation.done, { status: "disposed" });
      await Promise.all([parent.end(), child.end()]);
    });

    test(`propagateCancellation() from ${from.name} that was cancelled before reaches ${to.name}`, async () => {
      const parent = from.make();
      const child = to.make();
      parent.cancel();
      propagateCancellation(parent.source, [child.source]);
      assert(aborted(child.source));
      await Promise.all([parent.end(), child.end()]);
    });
  }
}

test("propagateCancellation() takes whatever carries a signal as the parent", () => {
  const controller = new AbortController();
  const child = new AsyncEvent();
  propagateCancellation({ signal: controller.signal }, [child]);
  controller.abort();
  assert(child.isSet);
});

test("propagateCancellation() takes the context of a task as the parent", async () => {
  const child = new AsyncEvent();
  const task = createTask(async (context) => {
    propagateCancellation(context, [child]);
    await context.sleep(Infinity);
  });
  task.cancel();
  assert(child.isSet);
  await assertRejects(() => task, CancelledError);
});

// Reasons

test("propagateCancellation() carries the reason as a chain", async () => {
  const stop = new AsyncEvent();
  await withTask(async (middle) => {
    await withTask((last) => {
      propagateCancellation(stop, [middle]);
      propagateCancellation(middle, [last]);
      stop.set();
      assertEquals(
        formatReason(last.reason!),
        'cancelled with its parent "middle" <- cancelled with its parent <- cancelled by an event',
      );
      const { reason } = last;
      assertEquals(
        [reason?.kind, reason?.cause?.kind, reason?.cause?.cause?.kind],
        ["parent", "parent", "event"],
      );
      assertEquals(reason?.source, { name: "middle", id: middle.id });
      assertEquals(reason?.cause?.source, undefined);
    });
  }, { name: "middle" });
});

test("propagateCancellation() carries the words of whoever asked", async () => {
  await withTask((parent) => {
    const child = new AbortController();
    propagateCancellation(parent, [child]);
    parent.cancel("out of budget");
    const { reason } = child.signal;
    assertInstanceOf(reason, CancelledError);
    assertEquals(reason.reason.message, "out of budget");
    assertEquals(reason.reason.kind, "parent");
    assertNotStrictEquals(reason, parent.signal.reason);
  });
});

test("propagateCancellation() carries a foreign error by identity through every kind", async () => {
  const error = new Error("disk full");
  await withTask(async (task) => {
    const controller = new AbortController();
    const event = new AsyncEvent();
    const last = new AbortController();
    propagateCancellation(controller, [event]);
    propagateCancellation(event, [task]);
    propagateCancellation(task, [last]);
    controller.abort(error);
    assertStrictEquals(event.signal.reason, error);
    assertStrictEquals(task.signal.reason, error);
    assertStrictEquals(last.signal.reason, error);
    assertStrictEquals(await assertRejects(() => task), error);
  });
});

test("propagateCancellation() makes a reason of what is no error", async () => {
  await withTask((task) => {
    const controller = new AbortController();
    propagateCancellation(controller, [task]);
    controller.abort("just words");
    assertEquals(task.reason?.message, "just words");
  });
});

test("propagateCancellation() tells a timeout of the platform as one", async () => {
  await withTask((task) => {
    const controller = new AbortController();
    propagateCancellation(controller, [task]);
    const error = new DOMException("too late", "TimeoutError");
    controller.abort(error);
    assertStrictEquals(task.signal.reason, error);
    assertEquals(task.reason?.cause?.kind, "timeout");
  });
});

test("propagateCancellation() tells the reason in done", async () => {
  const parent = new AbortController();
  const propagation = propagateCancellation(parent, []);
  parent.abort("enough");
  const outcome = await propagation.done;
  assert(outcome.status === "propagated");
  assertEquals(outcome.reason.message, "enough");
});

// The link

test("W15: propagateCancellation() cancels nobody when it is disposed of", async () => {
  const parent = new AsyncEvent();
  await withTask(async (task) => {
    const child = new AsyncEvent();
    const propagation = propagateCancellation(parent, [child, task]);
    propagation[Symbol.dispose]();
    propagation[Symbol.dispose]();
    parent.set();
    assertFalse(child.isSet);
    assertFalse(task.cancelRequested);
    assertEquals(await propagation.done, { status: "disposed" });
  });
});

test("Propagation[Symbol.dispose]() does nothing after the cancellation was passed on", async () => {
  const parent = new AsyncEvent();
  const propagation = propagateCancellation(parent, [new AsyncEvent()]);
  parent.set();
  propagation[Symbol.dispose]();
  assertEquals((await propagation.done).status, "propagated");
});

test("Propagation.done stays pending as long as nothing happens", async () => {
  const propagation = propagateCancellation(new AsyncEvent(), []);
  assertFalse(await settled(propagation.done));
  propagation[Symbol.dispose]();
  assert(await settled(propagation.done));
});

test("W15: Propagation.done resolves when a parent task ends without being cancelled", async () => {
  await collectingFailures(async () => {
    const bodies = [() => sleep(0), () => Promise.reject(new Error("x"))];
    for (const body of bodies) {
      const child = new AsyncEvent();
      const parent = createTask(body);
      const propagation = propagateCancellation(parent, [child]);
      assertEquals(await propagation.done, { status: "ended" });
      propagation.add(new AsyncEvent());
      await parent.catch(() => {});
      assertFalse(child.isSet);
    }
  });
});

test("propagateCancellation() from a task that has ended is over at once", async () => {
  const parent = createTask(() => 1);
  await parent;
  const child = new AsyncEvent();
  const propagation = propagateCancellation(parent, [child]);
  assertEquals(await propagation.done, { status: "ended" });
  assertFalse(child.isSet);
});

test("propagateCancellation() from a task that was cancelled and has ended cancels at once", async () => {
  const parent = createTask(forever);
  await cancelAndWait(parent);
  const child = new AsyncEvent();
  propagateCancellation(parent, [child]);
  assert(child.isSet);
});

test("Propagation.add() links one more child", () => {
  const parent = new AsyncEvent();
  const child = new AsyncEvent();
  const propagation = propagateCancellation(parent, []);
  propagation.add(child);
  assertFalse(child.isSet);
  parent.set();
  assert(child.isSet);
});

test("Propagation.add() cancels the child at once after the cancellation was passed on", () => {
  const parent = new AsyncEvent();
  const propagation = propagateCancellation(parent, []);
  parent.set();
  parent.clear();
  const child = new AsyncEvent();
  propagation.add(child);
  assert(child.isSet);
});

test("Propagation.add() of the same child twice links it once", () => {
  const parent = new AsyncEvent();
  let sets = 0;
  const controller = new AbortController();
  const abort = controller.abort.bind(controller);
  controller.abort = (reason) => {
    sets++;
    abort(reason);
  };
  const propagation = propagateCancellation(parent, [controller, controller]);
  propagation.add(controller);
  parent.set();
  assertEquals(sets, 1);
});

test("Propagation.add() does nothing after disposal", () => {
  const parent = new AsyncEvent();
  const propagation = propagateCancellation(parent, []);
  propagation[Symbol.dispose]();
  const early = new AsyncEvent();
  propagation.add(early);
  parent.set();
  const late = new AsyncEvent();
  propagation.add(late);
  assertEquals([early.isSet, late.isSet], [false, false]);
});

test("Propagation.add() works while the cancellation is being passed on", () => {
  const parent = new AsyncEvent();
  const first = new AbortController();
  const late = new AsyncEvent();
  const propagation = propagateCancellation(parent, [first]);
  first.signal.addEventListener("abort", () => propagation.add(late));
  parent.set();
  assert(late.isSet);
});

test("Propagation[Symbol.dispose]() by a child that is being cancelled spares nobody", () => {
  const parent = new AsyncEvent();
  const first = new AbortController();
  const second = new AsyncEvent();
  const propagation = propagateCancellation(parent, [first, second]);
  first.signal.addEventListener("abort", () => propagation[Symbol.dispose]());
  parent.set();
  assert(second.isSet);
});

test("propagateCancellation() of one pair twice gives two links, each disposed of alone", () => {
  const parent = new AsyncEvent();
  const child = new AsyncEvent();
  const one = propagateCancellation(parent, [child]);
  propagateCancellation(parent, [child]);
  one[Symbol.dispose]();
  assertThrows(() => propagateCancellation(child, [parent]), TypeError);
  parent.set();
  assert(child.isSet);
});

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
      await createTask(forever, { name: "child" });
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

// Nothing is left behind

test("propagateCancellation() drops children that have ended", async () => {
  const parent = new AsyncEvent();
  const child = createTask(() => sleep(0));
  const propagation = propagateCancellation(parent, [child]);
  await child;
  // While a child is linked, its way back to the parent is refused.
  propagateCancellation(child, [parent]);
  parent.set();
  assertEquals(child.status, "completed");
  assertEquals((await propagation.done).status, "propagated");
});

test("propagateCancellation() keeps no child that had ended before", async () => {
  const child = createTask(() => 1);
  await child;
  const parent = new AsyncEvent();
  propagateCancellation(parent, [child]);
  propagateCancellation(child, [parent]);
  parent.set();
});

/** A signal that counts its listeners. */
function spied(): { controller: AbortController; listeners: () => number } {
  const controller = new AbortController();
  const { signal } = controller;
  let count = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    count++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    count--;
    remove(...args);
  };
  return { controller, listeners: () => count };
}

test("propagateCancellation() leaves no listener on a parent when 100,000 links come and go", () => {
  const { controller, listeners } = spied();
  for (let i = 0; i < 100_000; i++) {
    const propagation = propagateCancellation(controller, [new AsyncEvent()]);
    propagation[Symbol.dispose]();
  }
  assertEquals(listeners(), 0);
});

test("propagateCancellation() has one listener on a signal, however many links there are", () => {
  const { controller, listeners } = spied();
  const links = Array.from(
    { length: 1000 },
    () => propagateCancellation(controller, [new AsyncEvent()]),
  );
  assertEquals(listeners(), 1);
  for (const link of links) link[Symbol.dispose]();
  assertEquals(listeners(), 0);
});

test("propagateCancellation() has no listener on its children", () => {
  const { controller, listeners } = spied();
  const parent = new AsyncEvent();
  const propagation = propagateCancellation(parent, [controller]);
  assertEquals(listeners(), 0);
  propagation[Symbol.dispose]();
});

test("propagateCancellation() reaches 100,000 children", () => {
  const parent = new AsyncEvent();
  const children = Array.from({ length: 100_000 }, () => new AsyncEvent());
  propagateCancellation(parent, children);
  parent.set();
  assert(children.every(({ isSet }) => isSet));
});

test("propagateCancellation() outlives a child that takes long to end", async () => {
  await withVirtualClock(async (clock) => {
    const parent = new AsyncEvent();
    const child = createTask(slowCleanup(100));
    const { done } = propagateCancellation(parent, [child]);
    parent.set();
    await done;
    assertEquals([clock.now, child.status], [0, "cancelling"]);
    await assertRejects(() => child, CancelledError);
  });
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
  const { controller, listeners } = spied();
  const good = new AsyncEvent();
  for (const bad of [new AbortController().signal, controller, undefined]) {
    assertThrows(
      () => propagateCancellation(controller, [good, bad as CancelSource]),
      TypeError,
    );
  }
  assertEquals(listeners(), 0);
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
