import {
  assert,
  assertEquals,
  assertFalse,
  assertStrictEquals,
} from "@std/assert";
import {
  abortable,
  CancelScope,
  checkpoint,
  createTask,
  sleep,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { slowCleanup } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { forever } from "./_bodies.ts";

// Cancelling

test("scope.cancel() cuts its body short and is swallowed by the scope", async () => {
  const scope = new CancelScope();
  const run = scope.run(forever);
  assert(scope.cancel("boring"));
  assertEquals(await run, undefined);
  assert(scope.cancelCalled);
  assert(scope.cancelledCaught);
  assertEquals(scope.reason?.kind, "explicit");
  assertEquals(scope.reason?.message, "boring");
});

test("scope.cancel() passes an Error on by identity", async () => {
  const reason = new RangeError("quota");
  const scope = new CancelScope();
  let seen: unknown;
  const run = scope.run((own) =>
    forever().catch((error) => {
      seen = error;
      assertStrictEquals(own.signal.reason, reason);
      throw error;
    })
  );
  scope.cancel(reason);
  assertEquals(await run, undefined);
  assertStrictEquals(seen, reason);
  assert(scope.cancelledCaught);
});

test("scope.cancel() keeps the first reason when it is called again", async () => {
  const scope = new CancelScope();
  const run = scope.run(forever);
  assert(scope.cancel("first"));
  assert(scope.cancel("second"));
  await run;
  assertEquals(scope.reason?.message, "first");
});

test("scope.cancel() returns false when the scope has been left", async () => {
  const scope = new CancelScope();
  await scope.run(() => {});
  assertFalse(scope.cancel("late"));
  assertFalse(scope.cancelCalled);
  assertFalse(scope.signal.aborted);
});

test("scope.cancel() names the task that called it", async () => {
  const scope = new CancelScope();
  const run = scope.run(forever);
  await createTask(() => scope.cancel("stop"), { name: "operator" });
  await run;
  assertEquals(scope.reason?.source?.name, "operator");
});

test("scope.cancel() aborts scope.signal synchronously", async () => {
  const scope = new CancelScope();
  const { signal } = scope;
  const run = scope.run(forever);
  assertFalse(signal.aborted);
  scope.cancel();
  assert(signal.aborted);
  await run;
});

test("scope.cancel() from within the body is seen by the next wait", async () => {
  const scope = new CancelScope();
  const seen: string[] = [];
  await scope.run(async (own) => {
    own.cancel();
    seen.push("goes on to the next wait");
    await checkpoint();
    seen.push("never");
  });
  assertEquals(seen, ["goes on to the next wait"]);
});

test("scope.cancel() before entering starts the body with an aborted signal", async () => {
  const scope = new CancelScope();
  assert(scope.cancel("before"));
  const seen: unknown[] = [];
  const value = await scope.run(async (own) => {
    seen.push(own.signal.aborted);
    await sleep(1);
    seen.push("never");
  });
  assertEquals(seen, [true]);
  assertEquals(value, undefined);
  assert(scope.cancelledCaught);
  assertEquals(scope.reason?.message, "before");
});

test("scope.cancelledCaught stays false when the body ends without waiting", async () => {
  const scope = new CancelScope();
  scope.cancel();
  assertEquals(await scope.run(() => "value"), "value");
  assert(scope.cancelCalled);
  assertFalse(scope.cancelledCaught);
});

test("scope.run() returns the value of a body that suppresses the cancellation", async () => {
  const scope = new CancelScope();
  const run = scope.run(() => forever().catch(() => "kept"));
  scope.cancel();
  assertEquals(await run, "kept");
  assert(scope.cancelCalled);
  assertFalse(scope.cancelledCaught);
});

test("a cancelled scope rejects every further wait: it is level-triggered", async () => {
  const scope = new CancelScope();
  let rejections = 0;
  const run = scope.run(async () => {
    const never = new Promise(() => {});
    const waits = [forever, checkpoint, () => sleep(0), () => abortable(never)];
    for (const wait of waits) await wait().catch(() => rejections++);
    return "end";
  });
  scope.cancel();
  assertEquals(await run, "end");
  assertEquals(rejections, 4);
});

test("a scope waits for the cleanup of its body", async () => {
  await withVirtualClock(async (clock) => {
    const scope = new CancelScope({ deadline: 10 });
    await scope.run(slowCleanup(25));
    assertEquals(clock.now, 35);
    assert(scope.cancelledCaught);
  });
});
