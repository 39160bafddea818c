import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { AsyncEvent, createTask, moveOnAfter } from "@mdc/tasks";
import { Channel, select } from "@mdc/tasks/flow";
import { untilIdle, withVirtualClock } from "@mdc/tasks/testing";
import { test } from "./_harness.ts";

function waiting(...channels: Channel<unknown>[]): number {
  return channels.reduce(
    (sum, each) => sum + each.waitingReceivers + each.waitingSenders,
    0,
  );
}

test("select() takes exactly one item, of the channel that has one first", async () => {
  const a = new Channel<number>({ capacity: 1 });
  const b = new Channel<string>({ capacity: 1 });
  const chosen = select({ a, b });
  assertEquals(waiting(a, b), 2);
  b.trySend("from b");
  a.trySend(1);
  assertEquals(await chosen, { key: "b", status: "received", value: "from b" });
  assertEquals([a.length, b.length, waiting(a, b)], [1, 0, 0]);
});

test("select() prefers the first case of several that are ready", async () => {
  const stop = new AsyncEvent();
  const jobs = new Channel<number>({ capacity: 1 });
  jobs.trySend(1);
  stop.set();
  assertEquals(await select({ stop, jobs }), { key: "stop", status: "set" });
  assertEquals(jobs.length, 1);
});

test("select() sends an item only if that case is taken", async () => {
  const out = new Channel<string>();
  const stop = new AsyncEvent();
  const cases = { out: out.sending("item"), stop };
  const first = select(cases);
  stop.set();
  assertEquals((await first).status, "set");
  assertEquals([out.tryReceive(), waiting(out)], [undefined, 0]);
  stop.clear();
  const second = select(cases);
  assertEquals(out.tryReceive(), { value: "item" });
  assertEquals(await second, { key: "out", status: "sent" });
  assertEquals(waiting(out), 0);
});

test("select() ends by a time, and leaves no timer if another case is first", async () => {
  await withVirtualClock(async (clock) => {
    const jobs = new Channel<number>();
    const late = await select({ jobs, idle: 1000 });
    assertEquals(late, { key: "idle", status: "elapsed" });
    assertEquals(clock.now, 1000);
    const chosen = select({ jobs, idle: 1000 });
    await jobs.send(7);
    assertEquals((await chosen).key, "jobs");
    await clock.idle();
    assertEquals([clock.timers, waiting(jobs)], [0, 0]);
  });
});

test("select() with a time of 0 as the last case doesn't wait", async () => {
  const jobs = new Channel<number>({ capacity: 1 });
  assertEquals((await select({ jobs, none: 0 })).key, "none");
  jobs.trySend(1);
  assertEquals((await select({ jobs, none: 0 })).key, "jobs");
});

test("select() hears a pulse, and whatever else cancels", async () => {
  const pulse = new AsyncEvent();
  const heard = select({ pulse });
  pulse.set();
  pulse.clear();
  assertEquals(await heard, { key: "pulse", status: "set" });
  const controller = new AbortController();
  const task = createTask(({ sleep }) => sleep(60_000));
  const cases = { signal: controller.signal, task };
  const first = select(cases);
  controller.abort();
  assertEquals((await first).key, "signal");
  task.cancel();
  assertEquals((await select({ task })).status, "set");
  await task.catch(() => {});
});

test("select() tells a channel that is closed, or gets closed", async () => {
  const lost = new Error("lost");
  const a = new Channel<number>();
  const b = new Channel<number>();
  const first = select({ a, out: b.sending(1) });
  a.close(lost);
  assertEquals(await first, { key: "a", status: "closed", error: lost });
  const second = select({ out: b.sending(1) });
  b.close();
  assertEquals(await second, {
    key: "out",
    status: "closed",
    error: undefined,
  });
  assertEquals((await select({ out: b.sending(1) })).status, "closed");
  assertEquals(waiting(a, b), 0);
});

test("select() meets another select() at a channel without capacity", async () => {
  const there = new Channel<number>();
  const back = new Channel<number>();
  const one = select({ send: there.sending(1), receive: back });
  const other = select({ receive: there, send: back.sending(2) });
  assertEquals(await one, { key: "send", status: "sent" });
  assertEquals(await other, { key: "receive", status: "received", value: 1 });
  assertEquals(waiting(there, back), 0);
});

test("select() never meets itself", async () => {
  const channel = new Channel<number>();
  const both = { out: channel.sending(1), in: channel };
  const alone = await moveOnAfter(1, () => select(both), { fallback: "cut" });
  assertEquals([alone, waiting(channel)], ["cut", 0]);
});

test("select() loses nothing when it is cancelled in the tick of the hand-over", async () => {
  for (const first of ["send", "cancel"]) {
    const jobs = new Channel<string>({ capacity: 1 });
    const stop = new AsyncEvent();
    const got: string[] = [];
    const task = createTask(async ({ checkpoint }) => {
      const chosen = await select({ stop, jobs });
      if (chosen.status === "received") got.push(chosen.value);
      await checkpoint();
    });
    await untilIdle();
    if (first === "cancel") task.cancel();
    jobs.trySend("item");
    if (first === "send") task.cancel();
    await assertRejects(() => task);
    assertEquals(got, ["item"], first);
    assertEquals([jobs.length, waiting(jobs)], [0, 0]);
  }
});

test("select() leaves nothing behind when it is cancelled or refused", async () => {
  await withVirtualClock(async (clock) => {
    const a = new Channel<number>();
    const controller = new AbortController();
    const cases = { a, out: a.sending(1), time: 500, stop: new AsyncEvent() };
    const wait = select(cases, controller);
    controller.abort(new Error("enough"));
    await assertRejects(() => wait, Error, "enough");
    await assertRejects(() => select(cases, controller), Error, "enough");
    await clock.idle();
    assertEquals([waiting(a), clock.timers], [0, 0]);
  });
});

test("select() refuses wrong arguments at the door", () => {
  const jobs = new Channel<number>();
  const wrong: [unknown, string][] = [
    [{}, "Cannot select(): no case was given"],
    [
      undefined,
      "the cases of select(): expected an object, received undefined",
    ],
    [
      { a: "text" },
      '"a" of select(): expected a channel, what sending() gives, an event or a time, received "text"',
    ],
    [{ a: null }, "received null"],
    [{ a: {} }, "received [Object]"],
    [
      { a: -1 },
      'the time of "a" in select(): expected 0 or more milliseconds, received -1',
    ],
    [{ a: jobs, b: NaN }, "received NaN"],
  ];
  for (const [cases, message] of wrong) {
    assertThrows(() => void select(cases as { a: number }), Error, message);
  }
  const options = { timeout: 5 } as object;
  assertThrows(() => void select({ jobs }, options), Error, '"timeout"');
  assertEquals(waiting(jobs), 0);
});
