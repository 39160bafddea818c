import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  AsyncEvent,
  type CancelKind,
  type CancelReason,
  createTask,
  formatReason,
  waitForOutcome,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";
import { ended, idle } from "./_probes.ts";

test("formatReason() has words for each kind", () => {
  const phrases: Record<CancelKind, string> = {
    explicit: "cancelled",
    event: "cancelled by an event",
    timeout: "timed out",
    parent: "cancelled with its parent",
    group: "cancelled with its group",
    shutdown: "cancelled by shutdown",
    signal: "cancelled by a signal of the operating system",
  };
  for (const [kind, phrase] of Object.entries(phrases)) {
    assertEquals(formatReason({ kind: kind as CancelKind, at: 0 }), phrase);
  }
});

test("formatReason() names the task that asked", () => {
  const source = { name: "boss", id: 7 };
  assertEquals(
    formatReason({ kind: "explicit", source, message: "enough", at: 0 }),
    'cancelled by task "boss": enough',
  );
  assertEquals(
    formatReason({ kind: "group", source, at: 0 }),
    'cancelled with its group "boss"',
  );
});

test("formatReason() writes the message once, at the end of the chain", () => {
  const message = "disk full";
  const first: CancelReason = { kind: "explicit", message, at: 0 };
  const a = { name: "a", id: 1 };
  const second: CancelReason = {
    kind: "parent",
    source: a,
    message,
    at: 0,
    cause: first,
  };
  assertEquals(
    formatReason({
      kind: "parent",
      source: { name: "b", id: 2 },
      message,
      at: 0,
      cause: second,
    }),
    'cancelled with its parent "b" <- cancelled with its parent "a" <- ' +
      "cancelled: disk full",
  );
});

test("formatReason() writes a chain of 100,000 links", () => {
  let reason: CancelReason = { kind: "explicit", message: "root", at: 0 };
  for (let i = 0; i < 100_000; i++) {
    reason = { kind: "parent", at: 0, cause: reason };
  }
  const parts = formatReason(reason).split(" <- ");
  assertEquals(parts.length, 100_001);
  assertEquals(parts.at(-1), "cancelled: root");
});

test("task.reason tells who asked, why and when", async () => {
  await withVirtualClock(async (clock) => {
    const target = idle({ name: "target" });
    await clock.advance(30);
    const asker = createTask(() => void target.cancel("enough"), {
      name: "asker",
    });
    await clock.advance(70);
    assertEquals(target.reason, {
      kind: "explicit",
      message: "enough",
      source: { name: "asker", id: asker.id },
      at: 1030,
    });
    await ended(target);
  }, { autoAdvance: false, epoch: 1000 });
});

test("task.reason has no source when nobody's task asked", async () => {
  const task = idle();
  task.cancel();
  assertEquals(Object.keys(task.reason!), ["kind", "at"]);
  await ended(task);
});

test("task.reason keeps the first of several requests", async () => {
  const task = idle();
  assert(task.cancel("first"));
  const reason = task.reason;
  assert(task.cancel("second"));
  assert(task.cancel(new Error("third")));
  assertStrictEquals(task.reason, reason);
  assertEquals(reason?.message, "first");
  await ended(task);
});

test("task.reason chains through each parent with the words of the first", async () => {
  const top = idle({ name: "top" });
  const middle = idle({ name: "middle", parent: top });
  const bottom = idle({ name: "bottom", parent: middle });
  top.cancel("stop pressed");
  assertEquals(
    formatReason(bottom.reason!),
    'cancelled with its parent "middle" <- cancelled with its parent "top" ' +
      "<- cancelled: stop pressed",
  );
  const { reason } = bottom;
  assertEquals(reason?.message, "stop pressed");
  assertEquals(reason?.at, top.reason?.at);
  assertStrictEquals(reason?.cause, middle.reason);
  assertStrictEquals(reason?.cause?.cause, top.reason);
  await Promise.all([top, middle, bottom].map(ended));
});

test("task.reason is a plain value that can be cloned", async () => {
  const top = idle({ name: "top" });
  const child = idle({ parent: top });
  top.cancel("why");
  assertEquals(structuredClone(child.reason), child.reason);
  assertEquals(Object.getPrototypeOf(child.reason), Object.prototype);
  await Promise.all([top, child].map(ended));
});

test("task.reason has the kind of what cancelled it", async () => {
  const stop = new AsyncEvent();
  const byEvent = idle({ signal: stop });
  stop.set();
  assertEquals(byEvent.reason?.kind, "event");

  const byTimeout = idle();
  await waitForOutcome(byTimeout, { timeout: 0 });
  assertEquals(byTimeout.reason?.kind, "timeout");

  const bySignal = idle({
    signal: AbortSignal.abort(new DOMException("late", "TimeoutError")),
  });
  assertEquals(bySignal.reason?.kind, "timeout");
  await Promise.all([byEvent, byTimeout, bySignal].map(ended));
});
