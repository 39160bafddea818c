import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { AsyncEvent, CancelledError, createTask } from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";
import { assertRefused, ended, spy, turn } from "./_probes.ts";

/** A wait that logs when it wakes. */
function logged(
  log: string[],
  name: string,
  wait: Promise<void>,
): Promise<void> {
  return wait.then(
    () => void log.push(name),
    () => void log.push(`${name} rejected`),
  );
}

test("AsyncEvent is clear at first, and set until it is cleared", () => {
  const event = new AsyncEvent();
  assertFalse(event.isSet);
  event.set();
  event.set();
  assert(event.isSet);
  event.clear();
  event.clear();
  assertFalse(event.isSet);
});

test("event.wait() resolves at once when the event is set", async () => {
  const event = new AsyncEvent();
  event.set();
  assertStrictEquals(await event.wait(), undefined);
});

test("event.wait() wakes in order of arrival, cancellable or not", async () => {
  const event = new AsyncEvent();
  const { signal } = new AbortController();
  const log: string[] = [];
  const waits = [
    logged(log, "a", event.wait()),
    logged(log, "b", event.wait({ signal })),
    logged(log, "c", event.wait()),
    logged(log, "d", event.wait({ signal })),
    logged(log, "e", event.wait()),
  ];
  event.set();
  await Promise.all(waits);
  assertEquals(log, ["a", "b", "c", "d", "e"]);
});

test("event.wait() keeps the order when a cancellable waiter came first", async () => {
  const event = new AsyncEvent();
  const { signal } = new AbortController();
  const log: string[] = [];
  const waits = [
    logged(log, "a", event.wait({ signal })),
    logged(log, "b", event.wait()),
    logged(log, "c", event.wait({ signal })),
  ];
  event.set();
  await Promise.all(waits);
  assertEquals(log, ["a", "b", "c"]);
});

test("event.wait() keeps the order when waiters leave from every place", async () => {
  const event = new AsyncEvent();
  const controllers = [..."abcde"].map(() => new AbortController());
  const log: string[] = [];
  const waits = [..."abcde"].map((name, i) =>
    logged(log, name, event.wait({ signal: controllers[i]! }))
  );
  controllers[2]!.abort();
  controllers[0]!.abort();
  controllers[4]!.abort();
  waits.push(logged(log, "f", event.wait()));
  event.set();
  await Promise.all(waits);
  assertEquals(log, [
    "c rejected",
    "a rejected",
    "e rejected",
    "b",
    "d",
    "f",
  ]);
});

test("event.wait() is woken by a pulse, and only by the pulse of its time", async () => {
  const event = new AsyncEvent();
  const log: string[] = [];
  const early = logged(log, "early", event.wait());
  event.set();
  event.clear();
  const late = logged(log, "late", event.wait());
  await early;
  await turn();
  assertEquals(log, ["early"]);
  event.set();
  await late;
});

test("event.wait() in a loop sees each pulse once", async () => {
  const event = new AsyncEvent();
  let rounds = 0;
  const task = createTask(async () => {
    for (;;) {
      await event.wait();
      rounds++;
    }
  });
  for (let i = 0; i < 3; i++) {
    event.set();
    event.clear();
    await turn();
  }
  task.cancel();
  await ended(task);
  assertEquals(rounds, 3);
});

test("event.wait() delivers when set and then cancelled in one tick", async () => {
  const event = new AsyncEvent();
  const controller = new AbortController();
  const wait = event.wait({ signal: controller });
  event.set();
  controller.abort();
  await wait;
  await assertRejects(() => event.wait({ signal: controller }), DOMException);
});

test("event.wait() rejects when it was cancelled before the event was set", async () => {
  const event = new AsyncEvent();
  const controller = new AbortController();
  const wait = event.wait({ signal: controller });
  controller.abort(new Error("first"));
  event.set();
  await assertRejects(() => wait, Error, "first");
});

test("event.wait() rejects at the door, though the event is set", async () => {
  const event = new AsyncEvent();
  event.set();
  const reason = new Error("before");
  const signal = AbortSignal.abort(reason);
  assertStrictEquals(
    await assertRejects(() => event.wait({ signal })),
    reason,
  );
});

test("event.wait() uses the current task when no signal is given", async () => {
  const event = new AsyncEvent();
  const task = createTask(() => event.wait());
  task.cancel("enough");
  const error = await assertRejects(() => task, CancelledError);
  assertEquals(error.reason.message, "enough");
});

test("event.wait() in a task obeys the given signal instead", async () => {
  const event = new AsyncEvent();
  const other = new AbortController();
  const task = createTask(() => event.wait({ signal: other }));
  task.cancel();
  await turn();
  assertEquals(task.status, "cancelling");
  event.set();
  await task;
  assertEquals(task.status, "completed");
});

test("event.wait() of 1,000 waiters puts one listener on a shared signal", async () => {
  const event = new AsyncEvent();
  const shared = spy();
  const waits = Array.from(
    { length: 1000 },
    () => event.wait({ signal: shared.signal }),
  );
  assertEquals(shared.now, 1);
  event.set();
  await Promise.all(waits);
  assertEquals(shared.now, 0);
  assertEquals(shared.most, 1);
});

test("event.wait() that is cancelled leaves nothing on the other signal", async () => {
  const event = new AsyncEvent();
  const shared = spy();
  const waits = [1, 2, 3].map(() => event.wait({ signal: shared.signal }));
  shared.controller.abort();
  for (const wait of waits) await assertRejects(() => wait);
  await assertRejects(() => event.wait({ signal: shared.signal }));
  assertEquals(shared.most, 1);
  event.set();
});

test("event.wait() of idle waiters holds no timer", async () => {
  await withVirtualClock(async (clock) => {
    const event = new AsyncEvent();
    const tasks = Array.from(
      { length: 100 },
      () => createTask(() => event.wait()),
    );
    await clock.idle();
    assertEquals(clock.timers, 0);
    event.set();
    await Promise.all(tasks);
  });
});

test("event.wait() refuses what is no cancel source", () => {
  const event = new AsyncEvent();
  const wait = (options: unknown) => () => event.wait(options as object);
  assertRefused(wait({ signal: 5 }), TypeError, "received 5");
  assertRefused(wait({ signal: "x" }), TypeError, 'received "x"');
  assertRefused(wait("soon"), TypeError, 'received "soon"');
});
