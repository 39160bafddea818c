import { assert, assertEquals, assertFalse, assertRejects } from "@std/assert";
import {
  allTasks,
  CancelledError,
  CancelScope,
  checkpoint,
  createTask,
  sleep,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { slowCleanup } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { forever } from "./_bodies.ts";

// Shield

test("scope.shield keeps outer cancellation away", async () => {
  await withVirtualClock(async (clock) => {
    const scope = new CancelScope({ shield: true });
    const task = createTask(async () => {
      await scope.run(() => sleep(30));
      assertEquals(clock.now, 30);
      await checkpoint();
    });
    task.cancel("outer");
    await assertRejects(() => task, CancelledError, "outer");
    assertFalse(scope.signal.aborted);
  });
});

test("scope.shield keeps away a cancellation that came before it was entered", async () => {
  const task = createTask(async () => {
    await forever().catch(() => {});
    return await new CancelScope({ shield: true }).run(() =>
      sleep(1).then(() => "done")
    );
  });
  task.cancel();
  assertEquals(await task, "done");
});

test("scope.shield delivers the pending cancellation at once when it is turned off", async () => {
  const scope = new CancelScope({ shield: true });
  const task = createTask(() => scope.run(forever));
  task.cancel("pending");
  assertFalse(scope.signal.aborted);
  scope.shield = false;
  assert(scope.signal.aborted);
  assertEquals(scope.reason?.message, "pending");
  await assertRejects(() => task, CancelledError, "pending");
  assertFalse(scope.cancelledCaught);
});

test("scope.shield delivers a pending cancellation to tasks inside when it is turned off", async () => {
  const scope = new CancelScope({ shield: true });
  const task = createTask(() =>
    scope.run(() => createTask(forever, { name: "inside" }))
  );
  task.cancel();
  const [, inside] = allTasks();
  assertFalse(inside!.cancelRequested);
  scope.shield = false;
  assert(inside!.cancelRequested);
  await assertRejects(() => task, CancelledError);
});

test("scope.shield can be turned on before the cancellation comes", async () => {
  const scope = new CancelScope();
  const task = createTask(() => scope.run(() => sleep(2).then(() => "kept")));
  scope.shield = true;
  task.cancel();
  assertEquals(await task, "kept");
});

test("scope.shield doesn't take back a cancellation that has come in", async () => {
  const scope = new CancelScope();
  const task = createTask(() => scope.run(slowCleanup(1)));
  task.cancel();
  scope.shield = true;
  assert(scope.signal.aborted);
  await assertRejects(() => task, CancelledError);
});

test("scope.shield doesn't stop scope.cancel()", async () => {
  const scope = new CancelScope({ shield: true });
  const run = scope.run(forever);
  scope.cancel();
  assertEquals(await run, undefined);
  assert(scope.cancelledCaught);
});

test("a shielded scope swallows its own cancellation when the outer is cancelled too", async () => {
  const scope = new CancelScope({ shield: true });
  const task = createTask(async () => {
    await scope.run(forever);
    return "goes on to the next wait";
  });
  scope.cancel();
  task.cancel();
  assertEquals(await task, "goes on to the next wait");
  assert(scope.cancelledCaught);
});

test("a scope inside a shielded one is cancelled with the shielded one only", async () => {
  const shielded = new CancelScope({ shield: true });
  const inner = new CancelScope();
  const task = createTask(() => shielded.run(() => inner.run(forever)));
  task.cancel();
  assertFalse(inner.signal.aborted);
  shielded.cancel();
  assert(inner.signal.aborted);
  await task.catch(() => {});
  assert(shielded.cancelledCaught);
  assertFalse(inner.cancelledCaught);
});
