import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  CancelledError,
  checkpoint,
  createTask,
  isCancellation,
  sleep,
  type Task,
} from "../mod.ts";
import { test } from "./_harness.ts";
import { assertRefused, ended, idle, onAbort, spy, turn } from "./_probes.ts";

test("task.cancel() is true while the task lives, also again, then false", async () => {
  const task = idle();
  assert(task.cancel());
  assert(task.cancel());
  await ended(task);
  assertFalse(task.cancel());
});

test("task.cancel() makes the task's signal abort at once", async () => {
  const task = idle();
  const { signal } = task;
  const log: string[] = [];
  onAbort(signal, () => log.push("abort"));
  task.cancel("enough");
  log.push("returned");
  assertEquals(log, ["abort", "returned"]);
  assertInstanceOf(signal.reason, CancelledError);
  assertEquals(signal.reason.message, "cancelled: enough");
  await ended(task);
});

test("task.cancel() passes an Error by identity through three levels", async () => {
  const reason = new RangeError("out of range");
  const top = idle();
  const middle = idle({ parent: top });
  const bottom = idle({ parent: middle });
  top.cancel(reason);
  for (const task of [top, middle, bottom]) {
    assertStrictEquals(task.signal.reason, reason);
    assertStrictEquals(await assertRejects(() => task), reason);
    assertEquals(task.status, "cancelled");
    assertEquals(task.reason?.message, "out of range");
  }
  assertEquals(bottom.reason?.kind, "parent");
});

test("task.cancel() passes a user's CancelledError by identity", async () => {
  const reason = new CancelledError({ kind: "shutdown", at: 5 });
  const parent = idle();
  const child = idle({ parent });
  parent.cancel(reason);
  assertStrictEquals(await assertRejects(() => child), reason);
  assertEquals(parent.reason, { kind: "shutdown", at: parent.reason!.at });
  assertEquals(child.reason?.cause?.kind, "shutdown");
  await ended(parent);
});

test("task.cancel() with another task's error keeps its chain of reasons", async () => {
  const first = idle({ name: "first" });
  const child = idle({ name: "child", parent: first });
  first.cancel("why");
  const second = idle({ name: "second" });
  second.cancel(child.signal.reason);
  assertStrictEquals(second.reason, child.reason);
  assertEquals(second.reason?.cause?.message, "why");
  await Promise.all([first, child, second].map(ended));
});

test("task.cancel() wraps our own error once per owner", async () => {
  const parent = idle();
  const children = [1, 2, 3].map(() => idle({ parent }));
  parent.cancel("enough");
  const errors = children.map((child) => child.signal.reason);
  assertStrictEquals(errors[0], errors[1]);
  assertStrictEquals(errors[1], errors[2]);
  assertFalse(errors[0] === parent.signal.reason);
  assertStrictEquals(children[0]!.reason, children[2]!.reason);
  await Promise.all([parent, ...children].map(ended));
});

test("task.cancel() refuses a reason that is neither text nor Error", async () => {
  const task = idle();
  const cancel = (reason: unknown) => () => task.cancel(reason as string);
  assertRefused(cancel(null), TypeError, "received null");
  assertRefused(cancel(5), TypeError, "received 5");
  assertRefused(cancel({ message: "x" }), TypeError, "received [Object]");
  assertFalse(task.cancelRequested);
  task.cancel();
  await ended(task);
  assertRefused(cancel(5), TypeError, "received 5");
});

test("task obeys a foreign signal with an Error by identity", async () => {
  for (
    const reason of [
      new Error("stop"),
      new DOMException("late", "TimeoutError"),
      new DOMException("off", "AbortError"),
    ]
  ) {
    const controller = new AbortController();
    const parent = idle({ signal: controller });
    const child = idle({ parent });
    controller.abort(reason);
    assertStrictEquals(await assertRejects(() => child), reason);
    assertStrictEquals(await assertRejects(() => parent), reason);
    assertEquals(parent.status, "cancelled");
  }
});

test("task obeys a foreign signal whose reason is no Error", async () => {
  const odd = Object.create(null);
  const reasons: [unknown, string | undefined][] = [
    ["stop", "stop"],
    [null, "null"],
    [0, "0"],
    [5n, "5"],
    [Symbol("s"), "Symbol(s)"],
    [{ code: 5 }, "[Object]"],
    [odd, "an object"],
  ];
  for (const [reason, message] of reasons) {
    for (const early of [true, false]) {
      const controller = new AbortController();
      if (early) controller.abort(reason);
      const task = idle({ signal: controller });
      controller.abort(reason);
      const error = await assertRejects(() => task, CancelledError);
      assertEquals(error.reason.message, message);
      assertEquals(task.status, "cancelled");
    }
  }
});

test("task obeys a foreign signal that is aborted without a reason", async () => {
  const controller = new AbortController();
  const task = idle({ signal: controller });
  controller.abort(undefined);
  const error = await assertRejects(() => task, DOMException);
  assertEquals(error.name, "AbortError");
  assertEquals(task.status, "cancelled");
});

test("task that ended has left its foreign signal", async () => {
  const shared = spy();
  const tasks = Array.from(
    { length: 100 },
    () =>
      createTask(({ checkpoint }) => checkpoint(), { signal: shared.signal }),
  );
  assertEquals(shared.now, 1);
  await Promise.all(tasks);
  assertEquals(shared.now, 0);
  assertEquals(shared.most, 1);
});

test("task that was cancelled finds every later wait rejecting", async () => {
  const errors: unknown[] = [];
  const note = (error: unknown) => void errors.push(error);
  const task = createTask(async (context) => {
    await context.sleep(Infinity).catch(note);
    await context.sleep(0).catch(note);
    await context.checkpoint().catch(note);
    await context.abortable(Promise.resolve()).catch(note);
    await checkpoint().catch(note);
    await sleep(5).catch(note);
  });
  task.cancel();
  await task;
  assertEquals(errors.length, 6);
  for (const error of errors) {
    assertStrictEquals(error, task.signal.reason);
    assert(isCancellation(error, task.signal));
  }
});

test("task can cancel itself and goes on to its next checkpoint", async () => {
  const log: string[] = [];
  const task: Task<void> = createTask(async ({ checkpoint }) => {
    await checkpoint();
    log.push(String(task.cancel("done with it")));
    log.push("still here");
    await checkpoint();
    log.push("never");
  }, { name: "me" });
  await ended(task);
  assertEquals(log, ["true", "still here"]);
  assertEquals(task.reason?.source?.name, "me");
});

test("task.cancel() tells parents before children, children in order", async () => {
  const log: string[] = [];
  const add = (name: string, parent?: Task) => {
    const task = idle({ name, parent });
    onAbort(task.signal, () => log.push(name));
    return task;
  };
  const top = add("top");
  const a = add("a", top);
  const b = add("b", top);
  const tasks = [top, a, b, add("a1", a), add("b1", b), add("a2", a)];
  top.cancel();
  assertEquals(log, ["top", "a", "b", "a1", "a2", "b1"]);
  await Promise.all(tasks.map(ended));
});

test("task.cancel() has marked the whole tree when the first is told", async () => {
  const top = idle();
  const child = idle({ parent: top });
  let seen: string | undefined;
  onAbort(top.signal, () => seen = child.status);
  top.cancel("first");
  assertEquals(seen, "cancelling");
  await Promise.all([top, child].map(ended));
});

test("task cancelled before its parent keeps its own reason", async () => {
  const parent = idle();
  const child = idle({ parent });
  const grandchild = idle({ parent: child });
  child.cancel("you first");
  const { reason } = child;
  parent.cancel("now all");
  assertStrictEquals(child.reason, reason);
  assertEquals(grandchild.reason?.message, "you first");
  assertEquals(parent.reason?.message, "now all");
  await Promise.all([parent, child, grandchild].map(ended));
});

test("task created while its parent's cancellation goes down is cancelled too", async () => {
  const parent = idle();
  let late: Task<void> | undefined;
  onAbort(parent.signal, () => {
    late = idle({ parent });
  });
  parent.cancel("enough");
  assertEquals(late!.reason?.message, "enough");
  await Promise.all([parent, late!].map(ended));
  assertEquals(late!.status, "cancelled");
});

test("task.signal is one and the same, and made when somebody looks", async () => {
  const before = globalThis.AbortController;
  let made = 0;
  globalThis.AbortController = class extends before {
    constructor() {
      super();
      made++;
    }
  };
  try {
    const parent = idle();
    const children = Array.from({ length: 10 }, () => idle({ parent }));
    await turn();
    assertEquals(made, 0);
    assertStrictEquals(parent.signal, parent.signal);
    assertEquals(made, 1);
    parent.cancel();
    await Promise.all([parent, ...children].map(ended));
    assertEquals(made, 1);
  } finally {
    globalThis.AbortController = before;
  }
});

test("task that was cancelled and throws undefined has failed: that is no cancellation", async () => {
  const task = createTask(async () => {
    await turn();
    throw undefined;
  });
  task.cancel();
  await ended(task);
  assertEquals(task.status, "failed");
  assertEquals(task.exception(), undefined);
});
