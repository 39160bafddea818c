import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  AsyncEvent,
  CancelledError,
  CancelScope,
  checkpoint,
  createTask,
  sleep,
} from "../mod.ts";
import { test } from "./_harness.ts";
import { spy } from "./_probes.ts";
import { forever } from "./_bodies.ts";

// An explicit source

test("scope.run() is cancelled by an AbortSignal that it was given, and lets it pass", async () => {
  const controller = new AbortController();
  const scope = new CancelScope({ signal: controller.signal });
  const run = scope.run(forever);
  const reason = new Error("from outside");
  controller.abort(reason);
  assertStrictEquals(await assertRejects(() => run), reason);
  assertFalse(scope.cancelCalled);
  assertFalse(scope.cancelledCaught);
});

test("scope.run() starts cancelled under a signal that is aborted", async () => {
  const scope = new CancelScope({ signal: AbortSignal.abort() });
  await assertRejects(() => scope.run(() => checkpoint()), DOMException);
});

test("scope.run() is cancelled by any source that it was given", async () => {
  const event = new AsyncEvent();
  const controller = new AbortController();
  const task = createTask(forever);
  const other = new CancelScope();
  const kinds = await Promise.all([
    [event, () => event.set()] as const,
    [controller, () => controller.abort()] as const,
    [task, () => task.cancel()] as const,
    [other, () => other.cancel()] as const,
  ].map(async ([signal, cancel]) => {
    const scope = new CancelScope({ signal });
    const run = scope.run(forever);
    cancel();
    await assertRejects(() => run);
    return scope.reason?.kind;
  }));
  assertEquals(kinds, ["event", "explicit", "parent", "explicit"]);
  await task.catch(() => {});
});

test("scope.run() is cancelled with the current task beside its explicit source", async () => {
  for (const signal of [new AsyncEvent(), new AbortController()]) {
    const scope = new CancelScope({ signal });
    const task = createTask(() => scope.run(forever));
    task.cancel("current");
    await assertRejects(() => task, CancelledError, "current");
  }
});

test("scope.run() throws its source's cancellation when it is cancelled as well", async () => {
  const controller = new AbortController();
  const scope = new CancelScope({ signal: controller });
  const run = scope.run(forever);
  scope.cancel("own");
  controller.abort(new Error("outer"));
  await assertRejects(() => run, Error, "outer");
  assertFalse(scope.cancelledCaught);
});

test("scope.shield keeps an explicit source away until it is turned off", async () => {
  const controller = new AbortController();
  const scope = new CancelScope({ signal: controller, shield: true });
  const run = scope.run(forever);
  controller.abort(new Error("from outside"));
  assertFalse(scope.signal.aborted);
  scope.shield = false;
  assert(scope.signal.aborted);
  await assertRejects(() => run, Error, "from outside");
});

test("scope.run() leaves no listener on the signal that it was given", async () => {
  const probe = spy();
  const { signal } = probe;
  await Promise.all(
    Array.from(
      { length: 100 },
      () => new CancelScope({ signal }).run(() => sleep(1)),
    ),
  );
  assertEquals(probe.now, 0);
  assertEquals(probe.most, 1);
});
