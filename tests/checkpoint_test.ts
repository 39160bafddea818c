import { assert, assertEquals, assertRejects } from "@std/assert";
import { AsyncEvent, CancelledError, checkpoint, createTask } from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";
import { assertRefused, ended, spy } from "./_probes.ts";

test("checkpoint() lets timers fire in a busy loop", async () => {
  let fired = false;
  const timer = setTimeout(() => fired = true, 1);
  const start = performance.now();
  while (!fired && performance.now() - start < 2000) await checkpoint();
  clearTimeout(timer);
  assert(fired);
});

test("checkpoint() lets the cancellation of a busy loop through", async () => {
  let rounds = 0;
  const task = createTask(async () => {
    for (;;) {
      rounds++;
      await checkpoint();
    }
  });
  const timer = setTimeout(() => task.cancel(), 1);
  await ended(task);
  clearTimeout(timer);
  assertEquals(task.status, "cancelled");
  assert(rounds > 0);
});

test("checkpoint() is a macrotask: microtasks go first", async () => {
  const log: string[] = [];
  const wait = checkpoint().then(() => log.push("checkpoint"));
  let chain = Promise.resolve();
  for (let i = 0; i < 100; i++) chain = chain.then(() => {});
  await chain.then(() => log.push("microtasks"));
  await wait;
  assertEquals(log, ["microtasks", "checkpoint"]);
});

test("checkpoint() rejects at the door", async () => {
  const error = new Error("before");
  const signal = AbortSignal.abort(error);
  await assertRejects(() => checkpoint({ signal }), Error, "before");
});

test("checkpoint() rejects when the cancellation comes during its turn", async () => {
  const controller = new AbortController();
  const wait = checkpoint({ signal: controller });
  controller.abort(new Error("during"));
  await assertRejects(() => wait, Error, "during");
});

test("checkpoint() uses the current task when no signal is given", async () => {
  const task = createTask(async () => {
    await checkpoint();
    currentCancel();
    await checkpoint();
  });
  const currentCancel = () => task.cancel("from inside");
  const error = await assertRejects(() => task, CancelledError);
  assertEquals(error.reason.message, "from inside");
});

test("checkpoint() keeps rejecting once cancelled", async () => {
  const stop = new AsyncEvent();
  stop.set();
  for (let i = 0; i < 3; i++) {
    await assertRejects(() => checkpoint({ signal: stop }), CancelledError);
  }
});

test("checkpoint() puts no listener on the signal and arms no timer", async () => {
  await withVirtualClock(async (clock) => {
    const source = spy();
    const wait = checkpoint({ signal: source.signal });
    assertEquals(source.most, 0);
    assertEquals(clock.timers, 0);
    await wait;
  });
});

test("checkpoint() refuses wrong options", () => {
  const call = (options: unknown) => () => checkpoint(options as object);
  assertRefused(call(null), TypeError, "received null");
  assertRefused(call(7), TypeError, "received 7");
  assertRefused(call({ signal: {} }), TypeError, "received [Object]");
});
