/** What `abortable()` leaves behind: nothing, whatever it waited for. */
import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { abortable, AsyncEvent, createTask, sleep, type Task } from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { garbageCollector } from "./_garbage.ts";
import { test } from "./_harness.ts";
import { ended, idle, never, spy, turn, withFailures } from "./_probes.ts";

/** A task that fails when it is told to. */
function failing(error: Error, parent?: Task) {
  const event = new AsyncEvent();
  const task = createTask(async () => {
    await event.wait();
    throw error;
  }, { parent });
  return { task, fail: () => event.set() };
}

/** Waits that were given up, in rounds. */
async function giveUp(
  value: PromiseLike<unknown>,
  count: number,
): Promise<void> {
  for (let left = count; left > 0; left -= 1000) {
    const controller = new AbortController();
    const waits = Array.from(
      { length: Math.min(left, 1000) },
      () => abortable(value, controller).catch(() => {}),
    );
    controller.abort();
    await Promise.all(waits);
  }
}

test("abortable() leaves nothing on a task and on a promise of 200,000 waits that were given up", async () => {
  const gc = await garbageCollector();
  const heap = async () => {
    for (let i = 0; i < 4; i++) {
      await turn();
      await gc();
    }
    const { memoryUsage } = (await import("node:process")).default;
    return memoryUsage().heapUsed;
  };
  const task = idle();
  const plain = new Promise<void>(() => {});
  for (const value of [task, plain]) {
    await giveUp(value, 2000);
    const before = await heap();
    await giveUp(value, 200_000);
    const kept = (await heap() - before) / 200_000;
    assert(kept < 20, `${kept} bytes for each wait`);
  }
  task.cancel();
  await ended(task);
});

test("abortable() lets go of what its continuation holds when it is given up", async () => {
  const gc = await garbageCollector();
  const plain = new Promise<void>(() => {});
  const begin = (controller: AbortController) => {
    const held = { big: new Uint8Array(1000) };
    abortable(plain, controller).catch(() => held.big.length);
    return new WeakRef(held);
  };
  const refs: WeakRef<object>[] = [];
  for (let i = 0; i < 100; i++) {
    const controller = new AbortController();
    refs.push(begin(controller));
    controller.abort();
  }
  let alive = refs.length;
  for (let i = 0; i < 10 && alive > 5; i++) {
    await turn();
    await gc();
    alive = refs.filter((ref) => ref.deref() !== undefined).length;
  }
  assert(alive <= 5, `${alive} are still held`);
  await Promise.race([plain, turn()]);
});

test("abortable() tells everybody who waits for one promise, also after others gave up", async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const controller = new AbortController();
  const first = abortable(promise, controller);
  const { signal } = new AbortController();
  const others = [1, 2].map(() => abortable(promise, { signal }));
  controller.abort(new Error("enough"));
  await assertRejects(() => first, Error, "enough");
  others.push(abortable(promise, { signal }));
  resolve(1);
  assertEquals(await Promise.all(others), [1, 1, 1]);
  assertEquals(await abortable(promise, { signal }), 1);
});

test("abortable() leaves no listener when a thenable's then() throws", async () => {
  const source = spy();
  const failure = new Error("hostile");
  const thenable: PromiseLike<void> = {
    then() {
      throw failure;
    },
  };
  const wait = () => abortable(thenable, { signal: source.signal });
  assertStrictEquals(await assertRejects(wait), failure);
  assertEquals(source.now, 0);
  const signal = AbortSignal.abort(new Error("before"));
  await assertRejects(() => abortable(thenable, { signal }), Error, "before");
  await turn();
});

test("abortable() can be stopped when a thenable resolves with a pending promise", async () => {
  const thenable = {
    then: (resolve: (value: Promise<never>) => void) => resolve(never),
  } as unknown as PromiseLike<never>;
  const controller = new AbortController();
  const wait = abortable(thenable, controller);
  await turn();
  controller.abort(new Error("enough"));
  await assertRejects(() => wait, Error, "enough");
});

test("abortable() that is given up is no look at a task: its owner reports a later failure", async () => {
  await withFailures(async (seen) => {
    const error = new Error("late");
    const { task, fail } = failing(error);
    const controller = new AbortController();
    const wait = abortable(task, controller);
    controller.abort(new Error("enough"));
    await assertRejects(() => wait, Error, "enough");
    fail();
    await turn();
    assertEquals(seen.map(({ error }) => error), [error]);
  });
});

test("abortable() at the door is no look at a task", async () => {
  await withFailures(async (seen) => {
    const error = new Error("late");
    const { task, fail } = failing(error);
    const signal = AbortSignal.abort(new Error("before"));
    await assertRejects(() => abortable(task, { signal }), Error, "before");
    fail();
    await turn();
    assertEquals(seen.map(({ error }) => error), [error]);
  });
});

test("abortable() that is told of a task's failure is a look", async () => {
  await withFailures(async (seen) => {
    const error = new Error("no");
    const { task, fail } = failing(error);
    const { signal } = new AbortController();
    const wait = abortable(task, { signal });
    fail();
    assertStrictEquals(await assertRejects(() => wait), error);
    const again = () => abortable(task, { signal });
    assertStrictEquals(await assertRejects(again), error);
    await turn();
    assertEquals(seen, []);
  });
});

test("abortable() gives a task's value and its cancellation, before and after its end", async () => {
  const { signal } = new AbortController();
  const task = createTask(async () => {
    await sleep(0);
    return 1;
  });
  assertEquals(await abortable(task, { signal }), 1);
  assertEquals(await abortable(task, { signal }), 1);
  const stopped = idle();
  const wait = abortable(stopped, { signal });
  stopped.cancel("enough");
  await assertRejects(() => wait, Error, "enough");
  await assertRejects(() => abortable(stopped, { signal }), Error, "enough");
});

test("abortable() refuses to wait for the task that it runs in", async () => {
  const task: Task<unknown> = createTask(async () => {
    await sleep(0);
    return await abortable(task);
  });
  await assertRejects(() => task, Error, "it would wait for itself");
});

test("abortable() that is cancelled before anybody awaits it doesn't end the process", async () => {
  await withVirtualClock(async () => {
    const controller = new AbortController();
    void abortable(never, controller);
    const inner = sleep(Infinity, controller);
    inner.catch(() => {});
    void abortable(inner, controller);
    controller.abort();
    void abortable(never, controller);
    await turn();
  });
});

test("abortable() that is refused because of its cancellation leaves nothing on the promise", async () => {
  const promise = new Promise<void>(() => {});
  let reactions = 0;
  const { then } = Promise.prototype;
  promise.then = function (...callbacks) {
    reactions++;
    return Reflect.apply(then, this, callbacks);
  };
  for (let i = 0; i < 10; i++) {
    await abortable(promise, { signal: AbortSignal.abort() }).catch(() => {});
  }
  assert(reactions < 2, `${reactions} reactions`);
});
