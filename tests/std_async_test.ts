import { abortable, deadline, delay, pooledMap } from "@std/async";
import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { test } from "./_harness.ts";

const never = new Promise<never>(() => {});

test("stand-in delay() rejects with the signal's reason", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const waiting = delay(60_000, { signal: controller.signal });
  controller.abort(reason);
  assertStrictEquals(await assertRejects(() => waiting), reason);
  assertStrictEquals(
    await assertRejects(() => delay(0, { signal: controller.signal })),
    reason,
  );
});

test("stand-in delay() resolves", async () => {
  await delay(0);
  await Promise.all([delay(1, { persistent: false }), delay(2)]);
});

test("stand-in deadline() delivers what settles in time", async () => {
  assertEquals(await deadline(Promise.resolve(1), 60_000), 1);
  const failure = new Error("no");
  assertStrictEquals(
    await assertRejects(() => deadline(Promise.reject(failure), Infinity)),
    failure,
  );
});

test("stand-in deadline() tells a timeout from an abort", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  // The platform's timeout signals don't keep a process alive; the delay does.
  const slow = delay(60_000, { signal });
  const late = await assertRejects(() => deadline(slow, 0), DOMException);
  assertEquals(late.name, "TimeoutError");

  const reason = new Error("enough");
  controller.abort(reason);
  for (const promise of [slow, deadline(never, 60_000, { signal })]) {
    assertStrictEquals(await assertRejects(() => promise), reason);
  }
});

test("stand-in abortable() ends the wait for a promise", async () => {
  const controller = new AbortController();
  const waiting = abortable(never, controller.signal);
  controller.abort();
  const error = await assertRejects(() => waiting, DOMException);
  assertEquals(error.name, "AbortError");
  assertEquals(
    await abortable(Promise.resolve(1), new AbortController().signal),
    1,
  );
});

test("stand-in abortable() ends an iteration and returns its source", async () => {
  let returned = false;
  async function* count() {
    try {
      for (let n = 0;; n++) yield await Promise.resolve(n);
    } finally {
      returned = true;
    }
  }
  const controller = new AbortController();
  const seen: number[] = [];
  await assertRejects(async () => {
    for await (const n of abortable(count(), controller.signal)) {
      seen.push(n);
      if (n === 2) controller.abort();
    }
  }, DOMException);
  assertEquals(seen, [0, 1, 2]);
  assertEquals(returned, true);
});

test("stand-in pooledMap() keeps order and the limit", async () => {
  let running = 0;
  let most = 0;
  const mapped = pooledMap(2, [3, 1, 2, 0], async (turns) => {
    most = Math.max(most, ++running);
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    running--;
    return turns;
  });
  assertEquals(await Array.fromAsync(mapped), [3, 1, 2, 0]);
  assertEquals(most, 2);
});

test("stand-in pooledMap() delivers what ran and throws all failures", async () => {
  const started: number[] = [];
  const seen: number[] = [];
  const failure = new Error("two");
  const mapped = pooledMap(2, [1, 2, 3, 4, 5, 6], (n) => {
    started.push(n);
    return n === 2 ? Promise.reject(failure) : Promise.resolve(n);
  });
  const error = await assertRejects(async () => {
    for await (const n of mapped) seen.push(n);
  }, AggregateError);
  assertEquals(error.errors.length, 1);
  assertStrictEquals(error.errors[0], failure);
  assertEquals(seen, started.filter((n) => n !== 2));
  assertEquals(started.includes(6), false);
});
