import { assertEquals } from "@std/assert";
import { map, sleep } from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { test } from "./_harness.ts";
import { assertRefused, assertTasks } from "./_probes.ts";
import { forever } from "./_bodies.ts";
import { Source, ten } from "./_map.ts";

// Results

test("map() gives the results in the order of the items", async () => {
  await withVirtualClock(async (clock) => {
    const results = await map([30, 10, 20], async (ms, _, index) => {
      await sleep(ms);
      return `${index}: ${ms}`;
    });
    assertEquals(results, ["0: 30", "1: 10", "2: 20"]);
    assertEquals(clock.now, 30);
  });
});

test("map() gives an empty list for an empty source", async () => {
  assertEquals(await map([], () => 1), []);
  assertEquals(await map(new Source<number>([]).async(), () => 1), []);
});

test("map() takes every iterable: sets, generators, async generators", async () => {
  function* numbers() {
    yield* [1, 2];
  }
  async function* later() {
    yield 1;
    await sleep(1);
    yield 2;
  }
  const double = (n: number) => n * 2;
  assertEquals(await map(new Set([1, 2]), double), [2, 4]);
  assertEquals(await map(numbers(), double), [2, 4]);
  assertEquals(await map(later(), double), [2, 4]);
});

test("map() takes items that are undefined, and results that are", async () => {
  assertEquals(await map([undefined, 1], (n) => n), [undefined, 1]);
});

test("map() gives its body a context that listens to cancellation", async () => {
  await withVirtualClock(async () => {
    const results = await map([1], async (n, { sleep, signal }) => {
      await sleep(n);
      return signal.aborted;
    });
    assertEquals(results, [false]);
  });
});

test("map() runs a body that waits for nothing on 100,000 items without overflow", async () => {
  const items = Array.from({ length: 100_000 }, (_, i) => i);
  const results = await map(items, (n) => n);
  assertEquals(results.length, items.length);
  assertEquals(results[99_999], 99_999);
  assertTasks([]);
});

// Concurrency

for (const concurrency of [1, 2, 3]) {
  test(`map() works on ${concurrency} at the same time when concurrency is ${concurrency}`, async () => {
    await withVirtualClock(async (clock) => {
      let running = 0;
      let most = 0;
      await map(ten, async () => {
        most = Math.max(most, ++running);
        await sleep(10);
        running--;
      }, { concurrency });
      assertEquals(most, concurrency);
      assertEquals(clock.now, Math.ceil(10 / concurrency) * 10);
    });
  });

  for (const kind of ["sync", "async"] as const) {
    test(`map() never pulls more than ${concurrency} ahead of a ${kind} source`, async () => {
      await withVirtualClock(async () => {
        const source = new Source(ten);
        let finished = 0;
        let ahead = 0;
        await map(source[kind](), async () => {
          ahead = Math.max(ahead, source.pulled - finished);
          await sleep(10);
          finished++;
        }, { concurrency });
        assertEquals(ahead, concurrency);
        assertEquals(finished, 10);
      });
    });
  }
}

test("map() works on all items at the same time when no concurrency is given", async () => {
  await withVirtualClock(async (clock) => {
    await map(ten, () => sleep(10));
    await map(ten, () => sleep(10), { concurrency: Infinity });
    assertEquals(clock.now, 20);
  });
});

test("map() takes up the next item as soon as one is done", async () => {
  await withVirtualClock(async (clock) => {
    await map([40, 10, 10, 10], (ms) => sleep(ms), { concurrency: 2 });
    assertEquals(clock.now, 40);
  });
});

test("map() asks an async source for one item at a time", async () => {
  await withVirtualClock(async () => {
    const source = new Source(ten);
    await map(source.async(5), () => sleep(50), { concurrency: 4 });
    assertEquals(source.mostPulling, 1);
  });
});

test("map() refuses a concurrency that is no whole number from 1 on, and pulls nothing", () => {
  const source = new Source(ten);
  const call = (concurrency: unknown) => () =>
    map(source.sync(), (n) => n, { concurrency: concurrency as number });
  for (const wrong of [0, -1, 1.5, NaN, -Infinity]) {
    assertRefused(call(wrong), RangeError, `received ${wrong}`);
  }
  assertRefused(call("2"), TypeError, 'received "2"');
  assertRefused(call(2n), TypeError, "received 2");
  assertEquals(source.pulled, 0);
});

test("map() refuses a source and a body that are none", () => {
  const call = map as (...args: unknown[]) => unknown;
  assertRefused(() => call([1]), TypeError, "received undefined");
  assertRefused(() => call(5, forever), TypeError, "received 5");
  assertRefused(() => call(null, forever), TypeError, "received null");
  assertRefused(() => call([1], forever, null), TypeError, "received null");
});
