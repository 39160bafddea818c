import { assertEquals, assertThrows } from "@std/assert";
import {
  CancelledError,
  type CancelReason,
  CancelScope,
  createTask,
  formatReason,
  shield,
  sleep,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";
import { ended, idle } from "./_probes.ts";

test("shield() with a signal of its own is bounded by its task's cancellation too", async () => {
  await withVirtualClock(async (clock) => {
    const other = new AbortController();
    const task = createTask(() =>
      shield(() => sleep(500_000), { grace: 1000, signal: other })
    );
    await sleep(10);
    task.cancel("stop");
    await ended(task);
    assertEquals([task.status, clock.now], ["cancelled", 1010]);
  });
});

test("task.cancel() reaches through scopes nested 10,000 deep", async () => {
  const nest = async (depth: number): Promise<void> => {
    await null;
    if (depth === 0) return await sleep(Infinity);
    await new CancelScope().run(() => nest(depth - 1));
  };
  const task = createTask(() => nest(10_000));
  for (let i = 0; i < 30_000; i++) await null;
  task.cancel("stop");
  await ended(task);
  assertEquals(task.status, "cancelled");
});

test("reason.at of a CancelledError is passed on, in its causes too", async () => {
  const cause: CancelReason = { kind: "explicit", at: 900 };
  const task = idle();
  task.cancel(new CancelledError({ kind: "parent", at: 1000, cause }));
  await ended(task);
  assertEquals([task.reason?.at, task.reason?.cause?.at], [1000, 900]);
});

test("task.finally() takes what is no function as a promise does", async () => {
  const task = createTask(() => 1);
  assertEquals(await task.finally(5 as unknown as () => void), 1);
});

test("a reason whose causes lead back to itself ends", async () => {
  const reason = { kind: "explicit", at: 0 } as { cause?: CancelReason };
  reason.cause = reason as CancelReason;
  const task = idle();
  task.cancel(new CancelledError(reason as CancelReason));
  await ended(task);
  assertEquals(task.status, "cancelled");
  assertEquals(formatReason(reason as CancelReason), "cancelled");
});

test("new CancelledError() refuses what is no reason", () => {
  assertThrows(
    () => new CancelledError(null as unknown as string),
    TypeError,
    "received null",
  );
});

test("task.cancel() works when Error is frozen", async () => {
  const holder = Error as { stackTraceLimit?: number };
  const before = Object.getOwnPropertyDescriptor(holder, "stackTraceLimit");
  if (before?.configurable !== true) return;
  Object.defineProperty(holder, "stackTraceLimit", {
    value: 10,
    writable: false,
    configurable: true,
  });
  try {
    const task = idle();
    task.cancel("stop");
    await ended(task);
    assertEquals(task.status, "cancelled");
  } finally {
    Object.defineProperty(holder, "stackTraceLimit", before);
  }
});
