import {
  assert,
  assertEquals,
  assertFalse,
  assertNotStrictEquals,
  assertStrictEquals,
} from "@std/assert";
import { AsyncEvent, type CancelledError, createTask } from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";
import { assertRefused, ended, idle, onAbort, spy } from "./_probes.ts";

test("event.signal aborts when the event is set, with its kind", () => {
  const event = new AsyncEvent();
  const { signal } = event;
  assertStrictEquals(event.signal, signal);
  assertFalse(signal.aborted);
  event.set();
  assert(signal.aborted);
  assertEquals((signal.reason as CancelledError).reason.kind, "event");
});

test("event.signal of a set event is aborted, and stays one signal", () => {
  const event = new AsyncEvent();
  event.set();
  assert(event.signal.aborted);
  assertStrictEquals(event.signal, event.signal);
});

test("event.signal is a fresh one after clear()", () => {
  const event = new AsyncEvent();
  const before = event.signal;
  event.set();
  event.clear();
  assert(before.aborted);
  assertNotStrictEquals(event.signal, before);
  assertFalse(event.signal.aborted);
  event.set();
  assert(event.signal.aborted);
});

test("event.signal finds the event set when its listeners run", () => {
  const controller = new AbortController();
  const events = [new AsyncEvent(), AsyncEvent.from(controller)];
  const seen: boolean[] = [];
  for (const event of events) {
    onAbort(event.signal, () => seen.push(event.isSet));
  }
  events[0]!.set();
  controller.abort();
  assertEquals(seen, [true, true]);
});

test("event.signal names the task that set the event, never its reader", async () => {
  const sourceSeen = async (event: AsyncEvent) => {
    const setter = createTask(() => event.set(), { name: "setter" });
    await setter;
    const reader = createTask(
      () => (event.signal.reason as CancelledError).reason.source,
      { name: "reader" },
    );
    return (await reader)?.name;
  };
  const listenedTo = new AsyncEvent();
  assertFalse(listenedTo.signal.aborted);
  assertEquals(await sourceSeen(listenedTo), "setter");
  assertEquals(await sourceSeen(new AsyncEvent()), undefined);
});

test("event.signal tells when the event was set, not when one looked", async () => {
  await withVirtualClock(async (clock) => {
    const event = new AsyncEvent();
    const { signal } = event;
    event.set();
    await clock.advance(500);
    assertEquals((signal.reason as CancelledError).reason.at, 0);
  }, { autoAdvance: false });
});

test("AsyncEvent.from() is set by its source and keeps the reason", () => {
  const controller = new AbortController();
  const event = AsyncEvent.from(controller.signal);
  assertFalse(event.isSet);
  const reason = new Error("maintenance");
  controller.abort(reason);
  assert(event.isSet);
  assertStrictEquals(event.signal.reason, reason);
});

test("AsyncEvent.from() keeps a text as the message of the reason", () => {
  const controller = new AbortController();
  const event = AsyncEvent.from(controller);
  controller.abort("maintenance");
  const { reason } = event.signal.reason as CancelledError;
  assertEquals(reason.kind, "event");
  assertEquals(reason.message, "maintenance");
  assertEquals(reason.cause?.kind, "explicit");
});

test("AsyncEvent.from() is set at once by an aborted source", () => {
  assert(AsyncEvent.from(AbortSignal.abort()).isSet);
  const set = new AsyncEvent();
  set.set();
  assert(AsyncEvent.from(set).isSet);
});

test("AsyncEvent.from() wakes its waiters", async () => {
  const controller = new AbortController();
  const event = AsyncEvent.from(controller);
  const wait = event.wait();
  controller.abort();
  await wait;
});

test("AsyncEvent.from() is disposed of without a listener left", () => {
  const source = spy();
  const event = AsyncEvent.from(source.signal);
  assertEquals(source.now, 1);
  event[Symbol.dispose]();
  event[Symbol.dispose]();
  assertEquals(source.now, 0);
  source.controller.abort();
  assertFalse(event.isSet);
});

test("AsyncEvent.from() a task is set when the task is cancelled", async () => {
  const task = idle();
  const event = AsyncEvent.from(task);
  task.cancel();
  assert(event.isSet);
  await ended(task);
});

test("AsyncEvent.from() refuses what is no cancel source", () => {
  const from = (value: unknown) => () =>
    AsyncEvent.from(value as AbortController);
  assertRefused(from(undefined), TypeError, "received undefined");
  assertRefused(from("stop"), TypeError, 'received "stop"');
  assertRefused(from(Promise.resolve()), TypeError, "received [Promise]");
});
