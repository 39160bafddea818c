import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  abortable,
  CancelledError,
  failAfter,
  moveOnAfter,
  sleep,
  TimeoutError,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { deafSleep } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { assertRefused, assertTasks, never, spy, turn } from "./_probes.ts";
import { collect, Feed, hangs } from "./_feed.ts";

test("abortable() iterates an async iterable to its end, and doesn't close it", async () => {
  const feed = new Feed((index) =>
    Promise.resolve(index < 3 ? index : undefined)
  );
  const { signal } = new AbortController();
  assertEquals(await collect(abortable(feed, { signal })), [0, 1, 2]);
  assertEquals(feed.returned, 0);
  const generator = (async function* () {
    yield* [1, 2];
  })();
  assertEquals(await collect(abortable(generator)), [1, 2]);
});

test("abortable() takes a value that is both for a promise", async () => {
  const both = Object.assign(Promise.resolve("value"), {
    async *[Symbol.asyncIterator]() {
      yield "item";
    },
  });
  assertEquals(await abortable(both), "value");
});

test("abortable() ends a loop over a source that hangs when its scope is cancelled", async () => {
  await withVirtualClock(async (clock) => {
    const feed = new Feed(hangs);
    const seen: number[] = [];
    const error = await assertRejects(() =>
      failAfter(50, async () => {
        for await (const n of abortable(feed)) seen.push(n);
      }), TimeoutError);
    assert(error.cause instanceof CancelledError);
    assertEquals(seen, [0, 1]);
    assertEquals(clock.now, 50);
    assertEquals(feed.returned, 1);
    assertEquals(clock.timers, 0);
    assertTasks([]);
  });
});

test("abortable() waits for a generator that hangs for grace and no longer", async () => {
  for (const [grace, at] of [[undefined, 1050], [200, 250], [0, 50]] as const) {
    await withVirtualClock(async (clock) => {
      async function* deaf() {
        yield 1;
        await never;
      }
      await moveOnAfter(50, () => collect(abortable(deaf(), { grace })));
      assertEquals(clock.now, at);
      assertEquals(clock.timers, 0);
    });
  }
});

test("abortable() leaves a source without return() at once", async () => {
  await withVirtualClock(async (clock) => {
    const source = { [Symbol.asyncIterator]: () => ({ next: () => never }) };
    await moveOnAfter(50, () => collect(abortable(source)));
    assertEquals(clock.now, 50);
  });
});

test("abortable() waits for the cleanup of its source before the loop ends", async () => {
  await withVirtualClock(async (clock) => {
    const log: string[] = [];
    async function* polite() {
      try {
        await sleep(Infinity);
        yield 1;
      } finally {
        await deafSleep(300);
        log.push(`closed at ${clock.now}`);
      }
    }
    await moveOnAfter(50, () => collect(abortable(polite())));
    log.push(`left at ${clock.now}`);
    assertEquals(log, ["closed at 350", "left at 350"]);
  });
});

test("abortable() closes its source once when the loop is left by break, return or throw", async () => {
  const error = new Error("body");
  const ways: ((items: AsyncIterable<number>) => Promise<unknown>)[] = [
    async (items) => {
      for await (const _ of items) break;
    },
    async (items) => {
      for await (const n of items) return n;
    },
    async (items) => {
      for await (const _ of items) throw error;
    },
  ];
  for (const way of ways) {
    const source = spy();
    const feed = new Feed(hangs);
    const items = abortable(feed, { signal: source.signal });
    const [result] = await Promise.allSettled([way(items)]);
    if (result?.status === "rejected") assertStrictEquals(result.reason, error);
    assertEquals(feed.returned, 1);
    assertEquals(feed.asked, 1);
    assertEquals(source.now, 0);
    source.controller.abort();
    await turn();
    assertEquals(feed.returned, 1);
  }
});

test("abortable() passes on what its source throws, and doesn't close it", async () => {
  const failure = new Error("no route");
  const source = spy();
  const feed = new Feed((n) =>
    n === 0 ? Promise.resolve(0) : Promise.reject(failure)
  );
  const items = abortable(feed, { signal: source.signal });
  assertStrictEquals(await assertRejects(() => collect(items)), failure);
  assertEquals(feed.returned, 0);
  assertEquals(source.now, 0);
  assertEquals(await items.next(), { done: true, value: undefined });
});

test("abortable() passes on what opening its source throws", async () => {
  const failure = new Error("can't open");
  const source: AsyncIterable<number> = {
    [Symbol.asyncIterator]() {
      throw failure;
    },
  };
  const items = abortable(source);
  assertStrictEquals(await assertRejects(() => items.next()), failure);
});

test("abortable() keeps one listener and no timer while its source is asked", async () => {
  await withVirtualClock(async (clock) => {
    const source = spy();
    const items = abortable(new Feed(hangs), { signal: source.signal });
    await items.next();
    assertEquals(source.now, 0);
    await items.next();
    const last = items.next();
    assertEquals([source.now, clock.timers], [1, 0]);
    source.controller.abort();
    await last.catch(() => {});
    assertEquals([source.most, clock.timers], [1, 0]);
  });
});

test("abortable() refuses what can't be waited for, and unknown options", () => {
  const call = (value: unknown, options?: unknown) => () =>
    abortable(value as AsyncIterable<number>, options as object);
  const expected = "expected a promise, an async iterable or a stream";
  assertRefused(call([1]), TypeError, expected);
  assertRefused(call("abc"), TypeError, `${expected}, received "abc"`);
  const feed = new Feed(hangs);
  assertRefused(call(feed, { grace: -1 }), RangeError, "received -1");
  assertRefused(call(feed, { grace: "1" }), TypeError, 'received "1"');
  assertRefused(
    call(feed, { timeout: 5 }),
    TypeError,
    'unknown option "timeout"; did you mean "grace"?',
  );
});
