import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { CancelScope, createTask, currentTask, sleep } from "../mod.ts";
import { test } from "./_harness.ts";
import { assertRefused } from "./_probes.ts";

// Entering and leaving

test("scope.run() resolves with the value of its body", async () => {
  const scope = new CancelScope();
  assertEquals(await scope.run(() => sleep(1).then(() => "value")), "value");
  assertFalse(scope.cancelCalled);
  assertFalse(scope.cancelledCaught);
  assertEquals(scope.reason, undefined);
});

test("scope.run() hands a context of the scope to its body", async () => {
  const scope = new CancelScope({ name: "own" });
  await scope.run((own) => {
    assertEquals(own.name, "own");
    assertStrictEquals(own.signal, scope.signal);
    own.cancel("enough");
    assertEquals(own.reason?.message, "enough");
  });
  assert(scope.cancelCalled);
});

test("scope.run() passes the error of its body through by identity", async () => {
  const error = new RangeError("own");
  const scope = new CancelScope();
  const caught = await assertRejects(() =>
    scope.run(() => Promise.reject(error))
  );
  assertStrictEquals(caught, error);
});

test("scope.run() rejects when its body throws synchronously", async () => {
  const scope = new CancelScope();
  await assertRejects(
    () =>
      scope.run(() => {
        throw new RangeError("at once");
      }),
    RangeError,
    "at once",
  );
});

test("scope.run() starts its body before it returns", () => {
  let started = false;
  const scope = new CancelScope();
  const run = scope.run(() => {
    started = true;
  });
  assert(started);
  return run;
});

test("scope.run() is no task of its own: the current task stays", async () => {
  await createTask(async () => {
    const outside = currentTask();
    await new CancelScope().run(() => {
      assertStrictEquals(currentTask(), outside);
    });
  });
});

test("scope.name is the one given, or says what it is", () => {
  assertEquals(new CancelScope({ name: "upload" }).name, "upload");
  assert(/^scope-\d+$/.test(new CancelScope().name));
});

// Arguments

test("CancelScope refuses options of the wrong type", () => {
  const make = (options: unknown) => () =>
    new CancelScope(options as Record<never, never>);
  assertRefused(make(null), TypeError, "options of CancelScope");
  assertRefused(make({ name: 7 }), TypeError, "received 7");
  assertRefused(make({ deadline: "5" }), TypeError, 'received "5"');
  assertRefused(make({ deadline: NaN }), RangeError, "received NaN");
  assertRefused(make({ shield: 1 }), TypeError, "received 1");
  assertRefused(make({ signal: {} }), TypeError, "received [Object]");
});

test("scope.deadline refuses NaN and what is no number, and stays", () => {
  const scope = new CancelScope({ deadline: 5 });
  assertThrows(() => scope.deadline = NaN, RangeError, "received NaN");
  assertThrows(
    () => scope.deadline = "7" as unknown as number,
    TypeError,
    'received "7"',
  );
  assertEquals(scope.deadline, 5);
});

test("scope.shield refuses what is no boolean, and stays", () => {
  const scope = new CancelScope({ shield: true });
  assertThrows(
    () => scope.shield = 0 as unknown as boolean,
    TypeError,
    "received 0",
  );
  assert(scope.shield);
});

test("scope.run() refuses a body that is no function, and can still be entered", async () => {
  const scope = new CancelScope();
  const run = scope.run.bind(scope) as (body: unknown) => Promise<unknown>;
  assertRefused(() => run(5), TypeError, "received 5");
  assertEquals(await scope.run(() => 1), 1);
});

test("scope.cancel() refuses a reason that is neither text nor Error", () => {
  const scope = new CancelScope();
  const cancel = scope.cancel.bind(scope) as (reason: unknown) => boolean;
  assertThrows(() => cancel(null), TypeError, "received null");
  assertFalse(scope.cancelCalled);
});
