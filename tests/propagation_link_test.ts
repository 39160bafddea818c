import { withTask } from "./_probes.ts";
import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertThrows,
} from "@std/assert";
import {
  AsyncEvent,
  cancelAndWait,
  CancelledError,
  createTask,
  propagateCancellation,
  sleep,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { collectingFailures, slowCleanup, turns } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { spy } from "./_probes.ts";

const forever = () => sleep(Infinity);

/** Whether a promise is settled by now. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol();
  await turns(1);
  return await Promise.race([promise, pending]) !== pending;
}

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

test("Propagation[Symbol.dispose]() opens the way back, though a child was added twice", () => {
  const parent = new AsyncEvent();
  const child = new AsyncEvent();
  const propagation = propagateCancellation(parent, [child, child]);
  propagation.add(child);
  assertThrows(() => propagateCancellation(child, [parent]), TypeError);
  propagation[Symbol.dispose]();
  propagateCancellation(child, [parent]);
  child.set();
  assert(parent.isSet);
});

test("Propagation.add() after disposal or the parent's end closes no way back", async () => {
  const event = new AsyncEvent();
  const disposed = propagateCancellation(event, []);
  disposed[Symbol.dispose]();
  const task = createTask(() => sleep(0));
  const over = propagateCancellation(task, []);
  await task;
  const child = new AsyncEvent();
  disposed.add(child);
  over.add(child);
  propagateCancellation(child, [event, task]);
  child.set();
  assert(event.isSet);
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

test("propagateCancellation() leaves no listener on a parent when 100,000 links come and go", () => {
  const spied = spy();
  const { controller } = spied;
  for (let i = 0; i < 100_000; i++) {
    const propagation = propagateCancellation(controller, [new AsyncEvent()]);
    propagation[Symbol.dispose]();
  }
  assertEquals(spied.now, 0);
});

test("propagateCancellation() has one listener on a signal, however many links there are", () => {
  const spied = spy();
  const { controller } = spied;
  const links = Array.from(
    { length: 1000 },
    () => propagateCancellation(controller, [new AsyncEvent()]),
  );
  assertEquals(spied.now, 1);
  for (const link of links) link[Symbol.dispose]();
  assertEquals(spied.now, 0);
});

test("propagateCancellation() has no listener on its children", () => {
  const spied = spy();
  const { controller } = spied;
  const parent = new AsyncEvent();
  const propagation = propagateCancellation(parent, [controller]);
  assertEquals(spied.now, 0);
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
