/**
 * Values of another realm, as test runners and sandboxes have them: their
 * errors are no `instanceof Error` here.
 */
import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { runInNewContext } from "node:vm";
import {
  all,
  AsyncEvent,
  configure,
  createTask,
  isCancellation,
  sleep,
  Task,
  TaskGroup,
  waitForOutcome,
} from "../mod.ts";
import { test } from "./_harness.ts";
import { ended, idle, onAbort } from "./_probes.ts";

/** Evaluates an expression in a realm of its own. */
function foreign<T>(expression: string): T {
  return runInNewContext(expression);
}

function foreignAbort(): Error {
  return foreign(
    'Object.assign(new Error("aborted"), { name: "AbortError", code: "ABORT_ERR" })',
  );
}

/** Rejects with an error as soon as a signal is aborted. */
function rejectOn(signal: AbortSignal, error: Error): Promise<never> {
  return new Promise((_, reject) => {
    onAbort(signal, () => reject(error));
  });
}

test("an error of another realm is no instance of this realm's Error", () => {
  assertFalse(foreignAbort() instanceof Error);
});

test("isCancellation() is true for an abort of another realm", () => {
  assert(isCancellation(foreignAbort()));
});

test("isCancellation() is false for any other error of another realm", () => {
  assertFalse(isCancellation(foreign('new RangeError("full")')));
});

test("a cancelled task whose body rejects with an abort of another realm is cancelled", async () => {
  const task = createTask(({ signal }) => rejectOn(signal, foreignAbort()));
  task.cancel("stop");
  await ended(task);
  assertEquals(task.status, "cancelled");
  assertEquals(task.reason?.message, "stop");
});

test("a task fails with an error of another realm, by identity", async () => {
  const error = foreign<Error>('new RangeError("full")');
  const task = createTask(() => Promise.reject(error));
  const outcome = await waitForOutcome(task);
  assertEquals(outcome.status, "failed");
  assertStrictEquals(task.exception(), error);
});

test("task.cancel() takes an error of another realm, by identity and with its words", async () => {
  const error = foreign<Error>('new RangeError("quota exceeded")');
  const task = idle();
  task.cancel(error);
  assertStrictEquals(await task.catch((caught) => caught), error);
  assertEquals(task.status, "cancelled");
  assertEquals(task.reason?.message, "quota exceeded");
});

test("the reason of a signal may be an error of another realm", async () => {
  const error = foreign<Error>('new RangeError("quota exceeded")');
  const controller = new AbortController();
  const task = idle({ signal: controller.signal });
  controller.abort(error);
  assertStrictEquals(await task.catch((caught) => caught), error);
  assertEquals(task.status, "cancelled");
  assertEquals(task.reason?.message, "quota exceeded");
});

test("a TimeoutError of another realm is told as a timeout", async () => {
  const error = foreign<Error>(
    'Object.assign(new Error("too late"), { name: "TimeoutError" })',
  );
  const controller = new AbortController();
  const task = idle({ signal: controller.signal });
  controller.abort(error);
  await ended(task);
  assertEquals(task.reason?.kind, "timeout");
});

test("event.set() by a signal keeps an error of another realm", async () => {
  const error = foreign<Error>('new RangeError("quota exceeded")');
  const event = AsyncEvent.from(AbortSignal.abort(error));
  assertStrictEquals(event.signal.reason, error);
  const task = idle({ signal: event });
  assertStrictEquals(await task.catch((caught) => caught), error);
});

test("a group tells what its tasks threw from what its cancellation made of them, in another realm", async () => {
  const full = foreign<Error>('new RangeError("full")');
  const error = await assertRejects(
    () =>
      TaskGroup.run((group) => {
        group.spawn(({ signal }) => rejectOn(signal, foreignAbort()));
        group.spawn(() => Promise.reject(full));
      }),
    AggregateError,
  );
  assertEquals(error.errors.length, 1);
  assertStrictEquals(error.errors[0], full);
});

test("all() rejects with an error of another realm, by identity", async () => {
  const full = foreign<Error>('new RangeError("full")');
  const caught = await all([
    ({ sleep }) => sleep(Infinity),
    () => Promise.reject(full),
  ])
    .catch((error) => error);
  assertStrictEquals(caught, full);
});

test("a failure of another realm is reported with its error", async () => {
  const full = foreign<Error>('new RangeError("full")');
  const { promise, seen } = firstFailure();
  void createTask(() => Promise.reject(full));
  assertStrictEquals(await promise, full);
  assertEquals(seen.length, 1);
});

test("bodies, promises, arrays and options may come from another realm", async () => {
  const body = foreign<() => Promise<number>>("async () => 1");
  assertEquals(await createTask(body), 1);
  const promise = foreign<Promise<number>>("Promise.resolve(2)");
  assertEquals(await Task.from(promise), 2);
  const bodies = foreign<(() => number)[]>("[() => 1, () => 2]");
  assertEquals([...await all(bodies)], [1, 2]);
  const options = foreign<{ name: string }>('({ name: "job" })');
  assertEquals(createTask(() => {}, options).name, "job");
  const given: { signal?: AbortSignal } = foreign("({})");
  given.signal = AbortSignal.abort(new Error("no time"));
  await assertRejects(() => sleep(1, given), Error, "no time");
});

/** The first failure that nobody looks at, and all of them. */
function firstFailure(): { promise: Promise<unknown>; seen: unknown[] } {
  const seen: unknown[] = [];
  const promise = new Promise((resolve) => {
    const before = configure({
      onUnobservedFailure: ({ error }) => {
        seen.push(error);
        configure(before);
        resolve(error);
      },
    });
  });
  return { promise, seen };
}
