/** What must hold for very many tasks: depth, width, and memory. */
import {
  assert,
  assertEquals,
  assertFalse,
  assertStrictEquals,
} from "@std/assert";
import {
  AsyncEvent,
  CancelledError,
  createTask,
  formatReason,
  type Task,
  waitForOutcome,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { garbageCollector } from "./_garbage.ts";
import { test } from "./_harness.ts";
import { assertTasks, ended, idle, spy, turn } from "./_probes.ts";

const MANY = 100_000;

/**
 * What may stay alive, as a share of all: a conservative collector takes what
 * lies on the stack for a reference. A leak keeps all of them.
 */
const SPARED = "Bun" in globalThis ? 0.01 : 0;

/** Collects garbage until the references are dead, or ten times. */
async function collected(refs: readonly WeakRef<object>[]): Promise<boolean> {
  const gc = await garbageCollector();
  for (let i = 0; i < 10; i++) {
    await turn();
    await gc();
    const alive = refs.filter((ref) => ref.deref() !== undefined);
    if (alive.length <= refs.length * SPARED) return true;
  }
  return false;
}

test("a chain of 100,000 tasks is cancelled without overflowing the stack", async () => {
  const gate = Promise.withResolvers<void>();
  const body = () => gate.promise;
  const top = createTask(body, { name: "top" });
  let bottom: Task<void> = top;
  for (let i = 0; i < MANY; i++) bottom = createTask(body, { parent: bottom });
  top.cancel("all the way");
  assertEquals(bottom.status, "cancelling");
  assertEquals(bottom.reason?.message, "all the way");
  const links = formatReason(bottom.reason!).split(" <- ");
  assertEquals(links.length, MANY + 1);
  assertEquals(links.at(-1), "cancelled: all the way");
  assert(bottom.signal.reason instanceof CancelledError);
  gate.resolve();
  await ended(bottom);
  await turn();
  assertTasks([]);
});

test("a chain of 100,000 tasks passes an Error by identity", async () => {
  const gate = Promise.withResolvers<void>();
  const body = () => gate.promise;
  const top = createTask(body);
  let bottom: Task<void> = top;
  for (let i = 0; i < MANY; i++) bottom = createTask(body, { parent: bottom });
  const reason = new Error("stop");
  top.cancel(reason);
  assertStrictEquals(bottom.signal.reason, reason);
  gate.resolve();
  await ended(bottom);
  await turn();
  assertTasks([]);
});

test("a chain of 100,000 tasks whose parents end first is handed up each time", async () => {
  const gates: (() => void)[] = [];
  const body = () => new Promise<void>((resolve) => void gates.push(resolve));
  const top = idle();
  let bottom: Task<void> = top;
  for (let i = 0; i < 1000; i++) bottom = createTask(body, { parent: bottom });
  for (const open of gates.slice(0, -1)) open();
  await turn();
  assertStrictEquals(bottom.parent, top);
  top.cancel("late");
  assertEquals(bottom.reason?.message, "late");
  gates.at(-1)!();
  await Promise.all([top, bottom].map(ended));
});

test("100,000 children of one owner share one record and one error", async () => {
  const gate = Promise.withResolvers<void>();
  const parent = idle();
  const children = Array.from(
    { length: MANY },
    () => createTask(() => gate.promise, { parent }),
  );
  parent.cancel("all of you");
  const [first] = children;
  const { reason } = first!;
  const error = first!.signal.reason;
  assert(children.every((child) => child.reason === reason));
  for (const child of [children[1]!, children[500]!, children.at(-1)!]) {
    assertStrictEquals(child.signal.reason, error);
  }
  gate.resolve();
  await Promise.all([parent, ...children].map(ended));
});

test("children created after their owner's cancellation share its record", async () => {
  const parent = idle();
  parent.cancel("enough");
  const children = Array.from({ length: 100 }, () => idle({ parent }));
  const errors = new Set(children.map((child) => child.signal.reason));
  assertEquals(errors.size, 1);
  await Promise.all([parent, ...children].map(ended));
});

test("100,000 tasks under one foreign signal put one listener on it", async () => {
  const shared = spy();
  const gate = Promise.withResolvers<void>();
  const tasks = Array.from(
    { length: MANY },
    () => createTask(() => gate.promise, { signal: shared.signal }),
  );
  assertEquals([shared.now, shared.most], [1, 1]);
  gate.resolve();
  await Promise.all(tasks);
  assertEquals([shared.now, shared.most], [0, 1]);
});

test("100,000 waits with a timeout on one long-lived task leave nothing", async () => {
  await withVirtualClock(async (clock) => {
    const task = idle();
    const shared = spy();
    const refs: WeakRef<object>[] = [];
    for (let i = 0; i < MANY; i++) {
      const completionEvent = new AsyncEvent();
      if (i % 10_000 === 0) refs.push(new WeakRef(completionEvent));
      const wait = waitForOutcome(task, {
        completionEvent,
        cancelEvent: shared.signal,
        signal: shared.signal,
        timeout: 1000,
      });
      completionEvent.set();
      await wait;
    }
    assertEquals(clock.timers, 0);
    assertEquals([shared.now, shared.most], [0, 1]);
    assert(await collected(refs));
    task.cancel();
    await ended(task);
  }, { autoAdvance: false });
});

test("waits that timed out on a long-lived task leave nothing", async () => {
  await withVirtualClock(async (clock) => {
    const task = idle();
    const onStop = "leave";
    // In a function of its own, so that no local variable holds the last one.
    const start = async () => {
      const cancelEvent = new AsyncEvent();
      await waitForOutcome(task, { cancelEvent, timeout: 5, onStop });
      return new WeakRef(cancelEvent);
    };
    const refs = await Promise.all(Array.from({ length: 1000 }, start));
    assertEquals(clock.timers, 0);
    assert(await collected(refs));
    assertFalse(task.done);
    task.cancel();
    await ended(task);
  });
});

test("children that ended leave nothing on their long-lived owner", async () => {
  const parent = idle();
  const start = async () => {
    const child = createTask(({ checkpoint }) => checkpoint(), { parent });
    await child;
    return new WeakRef(child);
  };
  const refs = await Promise.all(Array.from({ length: 1000 }, start));
  assert(await collected(refs));
  parent.cancel();
  await ended(parent);
});
