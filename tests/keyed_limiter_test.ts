import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createTask } from "@mdc/tasks";
import { KeyedLimiter } from "@mdc/tasks/flow";
import { untilIdle } from "@mdc/tasks/testing";
import { test } from "./_harness.ts";

test("KeyedLimiter limits each key by itself", async () => {
  const limiter = new KeyedLimiter<string>(1);
  const order: string[] = [];
  const work = (key: string, name: string) =>
    limiter.use(key, async () => {
      order.push(name);
      await untilIdle();
    });
  const all = [work("a", "a1"), work("a", "a2"), work("b", "b1")];
  await untilIdle();
  assertEquals(order, ["a1", "b1", "a2"].slice(0, order.length));
  assertEquals(limiter.size > 0, true);
  await Promise.all(all);
  assertEquals(order, ["a1", "b1", "a2"]);
});

test("KeyedLimiter forgets a key that nobody uses or waits for", async () => {
  const limiter = new KeyedLimiter<number>(2);
  const permit = await limiter.acquire(1);
  assertEquals([limiter.size, limiter.available(1)], [1, 1]);
  assertEquals(limiter.available(2), 2);
  const other = limiter.tryAcquire(1);
  assertEquals(limiter.tryAcquire(1), undefined);
  permit.release();
  assertEquals(limiter.size, 1);
  other?.release();
  other?.release();
  assertEquals(limiter.size, 0);
});

test("KeyedLimiter keeps no key of who was cancelled before it asked", async () => {
  const limiter = new KeyedLimiter<string>(1);
  const signal = AbortSignal.abort(new Error("before"));
  await assertRejects(() => limiter.acquire("a", { signal }), Error, "before");
  assertEquals(limiter.size, 0);
});

test("KeyedLimiter forgets a key whose last waiter was cancelled", async () => {
  const limiter = new KeyedLimiter<string>(1);
  const permit = await limiter.acquire("a");
  const task = createTask(() => limiter.acquire("a"));
  await untilIdle();
  task.cancel();
  await assertRejects(() => task);
  assertEquals(limiter.size, 1);
  permit.release();
  assertEquals(limiter.size, 0);
});

test("KeyedLimiter refuses wrong arguments at the door", () => {
  assertThrows(() => new KeyedLimiter(0), RangeError, "received 0");
  const limiter = new KeyedLimiter(1);
  const use = () => void limiter.use("a", 5 as never);
  assertThrows(use, TypeError, "the body of limiter.use()");
  const options = { key: "a" } as object;
  assertThrows(() => void limiter.acquire("a", options), TypeError, '"key"');
  assertEquals(limiter.size, 0);
});
