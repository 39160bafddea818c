/**
 * Fake timers of other test tools: `node:test`, sinon, Deno's `FakeTime`. They
 * replace functions of `globalThis` and leave the monotonic clock alone.
 */
import { assertEquals, assertRejects } from "@std/assert";
import type * as clockModule from "../src/core/clock.ts";
import { setClock, systemClock } from "../src/core/clock.ts";
import {
  AsyncEvent,
  CancelScope,
  checkpoint,
  createTask,
  currentTime,
  failAfter,
  moveOnAfter,
  shield,
  sleep,
  TimeoutError,
  waitForOutcome,
} from "../mod.ts";
import { test } from "./_harness.ts";
import { turn, withFailures } from "./_probes.ts";

interface Faked {
  setTimeout: unknown;
  clearTimeout: unknown;
  setImmediate: unknown;
  MessageChannel: unknown;
}

const host = globalThis as unknown as Faked;

/** Runs `body` with some functions of `globalThis` replaced. */
async function withFakes(
  fakes: Partial<Faked>,
  body: () => Promise<void>,
): Promise<void> {
  const { setTimeout, clearTimeout, setImmediate, MessageChannel } = host;
  Object.assign(globalThis, fakes);
  try {
    await body();
  } finally {
    Object.assign(globalThis, {
      setTimeout,
      clearTimeout,
      setImmediate,
      MessageChannel,
    });
  }
}

/** Timers that fire when `tick()` says so; the monotonic clock goes its way. */
function fakeTimers() {
  let now = 0;
  let ids = 0;
  const due = new Map<number, { at: number; callback: () => void }>();
  return {
    fakes: {
      setTimeout(callback: () => void, ms = 0) {
        due.set(++ids, { at: now + Math.max(1, ms), callback });
        return ids;
      },
      clearTimeout: (id: number) => void due.delete(id),
    },
    get pending() {
      return due.size;
    },
    tick(ms: number) {
      const end = now + ms;
      for (;;) {
        const [next] = [...due].toSorted(([, a], [, b]) => a.at - b.at);
        if (next === undefined || next[1].at > end) break;
        const [id, { at, callback }] = next;
        due.delete(id);
        now = at;
        callback();
      }
      now = end;
    },
  };
}

test("checkpoint() and reports go on when a fake setImmediate is taken away", async () => {
  const queue: (() => void)[] = [];
  await withFakes(
    { setImmediate: (callback: () => void) => queue.push(callback) },
    async () => {
      const first = checkpoint();
      assertEquals(queue.length, 1);
      queue.pop()!();
      await first;
    },
  );
  await checkpoint();
  await withFailures(async (seen) => {
    void createTask(() => Promise.reject(new Error("lost")), { name: "lost" });
    await turn();
    assertEquals(seen.map(({ name }) => name), ["lost"]);
  });
  assertEquals(queue.length, 0);
});

test("failAfter() expires under fake timers that leave the monotonic clock alone", async () => {
  const timers = fakeTimers();
  await withFakes(timers.fakes, async () => {
    const limited = failAfter(1_000, () => sleep(60_000));
    timers.tick(900);
    timers.tick(100);
    await assertRejects(() => limited, TimeoutError);
    assertEquals(timers.pending, 0);
  });
});

test("moveOnAfter() and a deadline expire under fake timers, the inner before the outer", async () => {
  const timers = fakeTimers();
  await withFakes(timers.fakes, async () => {
    const seen: string[] = [];
    const outer = moveOnAfter(1_000, async () => {
      await moveOnAfter(100, () => sleep(60_000));
      seen.push("inner");
      await sleep(60_000);
    }).then(() => seen.push("outer"));
    const scope = new CancelScope({ deadline: currentTime() + 500 });
    const scoped = scope.run(() => sleep(60_000)).then(() =>
      seen.push("scope")
    );
    timers.tick(200);
    for (let i = 0; i < 20; i++) await null;
    assertEquals(seen, ["inner"]);
    timers.tick(300);
    await scoped;
    timers.tick(500);
    await outer;
    assertEquals(seen, ["inner", "scope", "outer"]);
    assertEquals(timers.pending, 0);
  });
});

test("sleep(), a wait's timeout and the grace of a shield come under fake timers", async () => {
  const timers = fakeTimers();
  await withFakes(timers.fakes, async () => {
    const nap = sleep(1_000);
    timers.tick(1_000);
    await nap;
    const task = createTask(() => sleep(60_000));
    const outcome = waitForOutcome(task, { timeout: 1_000, grace: 0 });
    timers.tick(1_000);
    assertEquals((await outcome).status, "timed-out");
    const shielded = createTask(() =>
      shield(() => sleep(60_000), { grace: 1_000 })
    );
    shielded.cancel();
    timers.tick(1_000);
    await assertRejects(() => shielded);
    assertEquals(shielded.status, "cancelled");
  });
});

test("a deadline that a platform's timer meets half a millisecond early is waited for", async () => {
  let now = 1_000;
  const timers: (() => void)[] = [];
  const before = setClock({
    ...systemClock,
    now: () => now,
    schedule: (callback) => {
      timers.push(callback);
      return () => {};
    },
  });
  try {
    const scope = new CancelScope({ deadline: 1_100 });
    const work = scope.run(() => new AsyncEvent().wait());
    now = 1_099.5;
    timers.pop()!();
    assertEquals([scope.cancelCalled, timers.length], [false, 1]);
    now = 1_100;
    timers.pop()!();
    assertEquals(scope.cancelCalled, true);
    assertEquals(await work, undefined);
  } finally {
    setClock(before);
  }
});

test("a macrotask comes by a message where there is no setImmediate, each once and in order", async () => {
  const ports: MessagePort[] = [];
  class Channel extends MessageChannel {
    constructor() {
      super();
      ports.push(this.port1, this.port2);
    }
  }
  const fakes = { setImmediate: undefined, MessageChannel: Channel };
  await withFakes(fakes, async () => {
    // A module of its own, so that no other test gets the closed ports.
    const url = new URL("../src/core/clock.ts?by-message", import.meta.url);
    const { macrotask }: typeof clockModule = await import(url.href);
    const seen: string[] = [];
    macrotask(() => seen.push("first"));
    macrotask(() => seen.push("second"));
    queueMicrotask(() => seen.push("microtask"));
    for (let i = 0; seen.length < 3 && i < 100; i++) await turn();
    assertEquals(seen, ["microtask", "first", "second"]);
    assertEquals(ports.length, 2);
  }).finally(() => ports.forEach((port) => port.close()));
});
