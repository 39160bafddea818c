import { setTimeout as nodeDelay } from "node:timers/promises";
import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  AsyncEvent,
  CancelledError,
  InvalidStateError,
  isCancellation,
  rethrowCancellation,
} from "../mod.ts";
import { test } from "./_harness.ts";
import { ended, idle } from "./_probes.ts";

test("CancelledError looks like an abort to every library", () => {
  const error = new CancelledError();
  assertInstanceOf(error, Error);
  assertEquals(error.name, "AbortError");
  assertEquals(error.code, "ABORT_ERR");
  assertEquals(String(error), "AbortError: cancelled");
});

test("CancelledError makes an explicit reason of a text", () => {
  const { reason, message } = new CancelledError("enough");
  assertEquals(reason.kind, "explicit");
  assertEquals(reason.message, "enough");
  assertEquals(message, "cancelled: enough");
  assert(Math.abs(reason.at - Date.now()) < 10_000);
});

test("CancelledError keeps a whole reason as it is", () => {
  const reason = { kind: "shutdown", message: "SIGINT", at: 5 } as const;
  const error = new CancelledError(reason);
  assertStrictEquals(error.reason, reason);
  assertEquals(error.message, "cancelled by shutdown: SIGINT");
});

test("CancelledError made by a user has a stack", () => {
  assert(new CancelledError("x").stack?.includes("errors_test"));
});

test("Error.stackTraceLimit is untouched by a cancellation", async () => {
  const holder = Error as { stackTraceLimit?: number };
  const before = holder.stackTraceLimit;
  const task = idle();
  task.cancel();
  await ended(task);
  assertEquals(holder.stackTraceLimit, before);
});

test("isCancellation() knows ours, the platform's and Node's", async () => {
  assert(isCancellation(new CancelledError()));
  assert(isCancellation(new DOMException("x", "AbortError")));
  assert(isCancellation(AbortSignal.abort().reason));
  const signal = AbortSignal.abort();
  const error = await assertRejects(() => nodeDelay(1, null, { signal }));
  assert(isCancellation(error));
});

test("isCancellation() is false for everything else", () => {
  const others = [
    new Error("disk full"),
    new DOMException("late", "TimeoutError"),
    new InvalidStateError("x"),
    { name: "AbortError" },
    "AbortError",
    null,
    undefined,
    0,
  ];
  for (const other of others) assertFalse(isCancellation(other));
});

test("isCancellation() with a signal asks for that signal's abort", () => {
  const error = new CancelledError();
  const live = new AbortController().signal;
  assertFalse(isCancellation(error, live));
  assert(isCancellation(error, AbortSignal.abort()));
  assertFalse(isCancellation(new Error("disk full"), AbortSignal.abort()));
});

test("isCancellation() with a signal knows its reason, whatever it is", () => {
  for (const reason of [new Error("stop"), "stop", null, 0, { code: 5 }]) {
    assert(isCancellation(reason, AbortSignal.abort(reason)));
    assertFalse(isCancellation(reason, AbortSignal.abort()));
  }
});

test("isCancellation() takes every cancel source for the signal", async () => {
  const error = new CancelledError();
  const event = new AsyncEvent();
  const controller = new AbortController();
  const task = idle();
  const sources = [event, controller, task];
  for (const source of sources) assertFalse(isCancellation(error, source));
  event.set();
  controller.abort();
  task.cancel();
  for (const source of sources) assert(isCancellation(error, source));
  await ended(task);
});

test("isCancellation() refuses what is no cancel source", () => {
  const wrong = (value: unknown) => () =>
    isCancellation(new Error(), value as AbortSignal);
  assertThrows(wrong("soon"), TypeError, 'received "soon"');
  assertThrows(wrong(null), TypeError, "received null");
  assertThrows(wrong({ signal: 5 }), TypeError, "received [Object]");
});

test("rethrowCancellation() throws cancellations on by identity", () => {
  const error = new CancelledError("enough");
  assertStrictEquals(assertThrows(() => rethrowCancellation(error)), error);
  const foreign = new DOMException("x", "AbortError");
  assertStrictEquals(assertThrows(() => rethrowCancellation(foreign)), foreign);
});

test("rethrowCancellation() lets everything else through", () => {
  rethrowCancellation(new Error("disk full"));
  rethrowCancellation(undefined);
  rethrowCancellation("AbortError");
});

test("InvalidStateError has its name", () => {
  const error = new InvalidStateError("Cannot x: y");
  assertEquals(String(error), "InvalidStateError: Cannot x: y");
  assertInstanceOf(error, Error);
});
