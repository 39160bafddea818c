import {
  assert,
  assertEquals,
  assertFalse,
  assertStrictEquals,
} from "@std/assert";
import { AsyncEvent, type CancelledError, CancelScope } from "../mod.ts";
import { test } from "./_harness.ts";
import { assertRefused, ended, idle, spy } from "./_probes.ts";

test("AsyncEvent.any() is set by the first of its sources, with its reason", async () => {
  const controller = new AbortController();
  const task = idle();
  const event = AsyncEvent.any([controller, task, new AsyncEvent()]);
  assertFalse(event.isSet);
  const wait = event.wait();
  const reason = new Error("maintenance");
  controller.abort(reason);
  await wait;
  assert(event.isSet);
  assertStrictEquals(event.signal.reason, reason);
  task.cancel("later");
  assertStrictEquals(event.signal.reason, reason);
  await ended(task);
});

test("AsyncEvent.any() keeps the chain of reasons", () => {
  const first = new AsyncEvent();
  const event = AsyncEvent.any([new CancelScope(), first]);
  const { signal } = event;
  first.set();
  const { reason } = signal.reason as CancelledError;
  assertEquals(reason.kind, "event");
  assertEquals(reason.cause?.kind, "event");
});

test("AsyncEvent.any() stops following the others when it is set", () => {
  const [one, two] = [spy(), spy()];
  const event = AsyncEvent.any([one.signal, two.signal]);
  assertEquals([one.now, two.now], [1, 1]);
  one.controller.abort();
  assertEquals(two.now, 0);
  event.clear();
  two.controller.abort();
  assertFalse(event.isSet);
});

test("AsyncEvent.any() is set at once by a source that is cancelled already", () => {
  const other = spy();
  const reason = new Error("before");
  const event = AsyncEvent.any([other.signal, AbortSignal.abort(reason)]);
  assert(event.isSet);
  assertStrictEquals(event.signal.reason, reason);
  assertEquals(other.now, 0);
  const set = new AsyncEvent();
  set.set();
  assert(AsyncEvent.any(new Set([set])).isSet);
});

test("AsyncEvent.any() is disposed of without a listener left", () => {
  const sources = [spy(), spy()];
  const event = AsyncEvent.any(sources.map(({ signal }) => signal));
  event[Symbol.dispose]();
  event[Symbol.dispose]();
  assertEquals(sources.map(({ now }) => now), [0, 0]);
  sources[0]!.controller.abort();
  assertFalse(event.isSet);
});

test("AsyncEvent.any() of no sources is set by set()", () => {
  const event = AsyncEvent.any([]);
  assertFalse(event.isSet);
  event.set();
  assert(event.isSet);
});

test("AsyncEvent.any() refuses what is no list of cancel sources, and follows none", () => {
  const any = (value: unknown) => () =>
    AsyncEvent.any(value as AbortController[]);
  const source = spy();
  assertRefused(any(source.signal), TypeError, "received [AbortSignal]");
  assertRefused(any(undefined), TypeError, "received undefined");
  assertRefused(any([source.signal, 1]), TypeError, "received 1");
  assertEquals(source.now, 0);
});
