import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createTask, currentTime, sleep } from "@mdc/tasks";
import { RateLimiter, type RateLimiterOptions } from "@mdc/tasks/flow";
import { withVirtualClock } from "@mdc/tasks/testing";
import { test } from "./_harness.ts";

/** When each of so many turns came that were asked for at once. */
function turns(
  options: RateLimiterOptions,
  count: number,
  pause: (index: number) => number = () => 0,
): Promise<number[]> {
  return withVirtualClock(async (clock) => {
    const limiter = new RateLimiter(options);
    const waits: Promise<number>[] = [];
    for (let index = 0; index < count; index++) {
      await sleep(pause(index));
      waits.push(limiter.use(currentTime));
    }
    const at = await Promise.all(waits);
    assertEquals(clock.timers, 0);
    return at;
  });
}

test("RateLimiter is a sliding window: never more than limit in an interval", async () => {
  assertEquals(
    await turns({ limit: 2, interval: 100 }, 5),
    [0, 0, 100, 100, 200],
  );
});

test("RateLimiter counts an interval from each turn, not from a grid", async () => {
  // At 0, 90 and 95: the third has to wait until the first is 100 old.
  const pauses = [0, 90, 5, 0];
  assertEquals(
    await turns({ limit: 2, interval: 100 }, 4, (i) => pauses[i]!),
    [0, 90, 100, 190],
  );
});

test("RateLimiter with burst is a token bucket: a burst, then evenly", async () => {
  assertEquals(
    await turns({ limit: 4, interval: 100, burst: 3 }, 6),
    [0, 0, 0, 25, 50, 75],
  );
});

test("RateLimiter with burst fills up again while nobody asks", async () => {
  const pauses = [0, 0, 0, 60, 0, 0];
  assertEquals(
    await turns({ limit: 4, interval: 100, burst: 3 }, 6, (i) => pauses[i]!),
    [0, 0, 0, 60, 60, 75],
  );
});

test("RateLimiter has turns of its own for each key, and forgets them when they are back", async () => {
  await withVirtualClock(async () => {
    const limiter = new RateLimiter({ limit: 1, interval: 100 });
    const at = await Promise.all(
      ["a", "b", "a"].map((key) => limiter.use(currentTime, { key })),
    );
    assertEquals(at, [0, 0, 100]);
    assertEquals(limiter.size, 1);
    await sleep(100);
    assertEquals(limiter.size, 0);
  });
});

test("RateLimiter doesn't pile up keys while one of them is waited for", async () => {
  await withVirtualClock(async () => {
    const limiter = new RateLimiter({ limit: 1, interval: 10 });
    const slow = Array.from({ length: 300 }, () => limiter.acquire({ key: 0 }));
    let most = 0;
    for (let key = 1; key <= 200; key++) {
      await limiter.acquire({ key });
      await sleep(10);
      most = Math.max(most, limiter["size"]);
    }
    assert(most <= 3, `${most} keys`);
    await Promise.all(slow);
  });
});

test("RateLimiter uses no turn up for who was cancelled, and leaves no timer", async () => {
  await withVirtualClock(async (clock) => {
    const limiter = new RateLimiter({ limit: 1, interval: 100 });
    await limiter.acquire();
    const given = createTask(() => limiter.acquire());
    const next = createTask(() => limiter.use(currentTime));
    await clock.advance(50);
    given.cancel();
    await clock.advance(50);
    assertEquals(await next, 100);
    const alone = createTask(() => limiter.acquire());
    await clock.idle();
    assertEquals(clock.timers, 1);
    alone.cancel();
    await clock.idle();
    assertEquals(clock.timers, 0);
    await assertRejects(() => alone);
    await assertRejects(() => given);
  }, { autoAdvance: false });
});

test("RateLimiter serves who comes in the tick in which the last waiter left", async () => {
  await withVirtualClock(async (clock) => {
    const limiter = new RateLimiter({ limit: 1, interval: 100 });
    await limiter.acquire();
    const controller = new AbortController();
    const left = limiter.acquire(controller);
    controller.abort();
    const next = limiter.use(currentTime);
    await assertRejects(() => left);
    assertEquals(await next, 100);
    assertEquals(clock.timers, 0);
  });
});

test("RateLimiter refuses who was cancelled before, though there is a turn", async () => {
  const limiter = new RateLimiter({ limit: 1, interval: 100 });
  const signal = AbortSignal.abort(new Error("before"));
  await assertRejects(() => limiter.acquire({ signal }), Error, "before");
  assertEquals(limiter.size, 0);
});

test("limiter.tryAcquire() takes a turn only if there is one", async () => {
  await withVirtualClock(async () => {
    const limiter = new RateLimiter({ limit: 1, interval: 100 });
    assertEquals([limiter.tryAcquire(), limiter.tryAcquire()], [true, false]);
    assertEquals(limiter.tryAcquire({ key: "b" }), true);
    await sleep(100);
    assertEquals(limiter.tryAcquire(), true);
  });
});

test("RateLimiter refuses wrong arguments at the door", () => {
  const wrong: [unknown, string][] = [
    [
      { limit: 0, interval: 1 },
      "limit: expected a whole number from 1 on, received 0",
    ],
    [
      { interval: 1 },
      "limit: expected a whole number from 1 on, received undefined",
    ],
    [
      { limit: 1, interval: 0 },
      "interval: expected a finite number of milliseconds above 0, received 0",
    ],
    [{ limit: 1, interval: Infinity }, "received Infinity"],
    [
      { limit: 1, interval: 1, burst: 0.5 },
      "burst: expected a whole number from 1 on, received 0.5",
    ],
    [{ limit: 1, interval: 1, per: 1 }, 'unknown option "per"'],
    [undefined, "limit: expected a whole number"],
    [7, "the options of RateLimiter: expected an object, received 7"],
  ];
  for (const [options, message] of wrong) {
    const make = () => new RateLimiter(options as RateLimiterOptions);
    assertThrows(make, Error, message);
  }
});
