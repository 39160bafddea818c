import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import {
  abortable,
  CancelledError,
  createTask,
  currentTask,
  moveOnAfter,
  sleep,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { deafSleep } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { assertTasks, never, turn, withoutContext } from "./_probes.ts";
import { collect, Feed, hangs } from "./_feed.ts";

test("abortable() closes its source when the scope is cancelled before the loop", async () => {
  const feed = new Feed(hangs);
  const signal = AbortSignal.abort(new Error("before"));
  const loop = () => collect(abortable(feed, { signal }));
  await assertRejects(loop, Error, "before");
  assertEquals([feed.asked, feed.returned], [0, 1]);
});

test("abortable() delivers an item that is ready in the tick of the cancellation", async () => {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<number>();
  const feed = new Feed((index) => index === 0 ? promise : never);
  const items = abortable(feed, controller);
  const first = items.next();
  controller.abort(new Error("enough"));
  resolve(1);
  assertEquals(await first, { done: false, value: 1 });
  assertEquals(feed.returned, 0);
  await assertRejects(() => items.next(), Error, "enough");
  assertEquals([feed.asked, feed.returned], [1, 1]);
});

test("abortable() lets a failure of its source's cleanup beat the cancellation", async () => {
  const failure = new Error("can't close");
  const feed = new Feed(hangs, () => Promise.reject(failure));
  const task = createTask(() => collect(abortable(feed)));
  await turn();
  task.cancel();
  assertStrictEquals(await assertRejects(() => task), failure);
  async function* clumsy() {
    try {
      await sleep(Infinity);
      yield 1;
    } finally {
      await Promise.reject(failure);
    }
  }
  const other = createTask(() => collect(abortable(clumsy())));
  await turn();
  other.cancel();
  assertStrictEquals(await assertRejects(() => other), failure);
});

test("abortable() ends the loop of whoever iterates, also when it was made elsewhere", async () => {
  await withVirtualClock(async (clock) => {
    const items = abortable(new Feed(hangs));
    const task = createTask(() => collect(items));
    await sleep(10);
    task.cancel("enough");
    await assertRejects(() => task, CancelledError, "enough");
    assertEquals(clock.now, 10);
    assertEquals(task.status, "cancelled");
  });
});

test("abortable() with a signal listens to nobody else", async () => {
  await withVirtualClock(async () => {
    const { signal } = new AbortController();
    let asked = 0;
    const feed = new Feed(async () => {
      await deafSleep(20);
      return asked++ < 2 ? asked : undefined;
    });
    const task = createTask(() => collect(abortable(feed, { signal })));
    await sleep(10);
    task.cancel();
    assertEquals(await task, [1, 2]);
  });
});

test("abortable() of a context iterates for the innermost scope, and has a grace", async () => {
  await withVirtualClock(async (clock) => {
    async function* deaf() {
      yield 1;
      await never;
    }
    const task = createTask(async ({ abortable }) => {
      const outside = abortable(new Feed(hangs));
      const seen = [(await outside.next()).value];
      await moveOnAfter(50, async () => {
        for await (const n of outside) seen.push(n);
      });
      await moveOnAfter(50, async () => {
        for await (const n of abortable(deaf(), { grace: 10 })) seen.push(n);
      });
      return [...seen, await abortable(Promise.resolve(5))];
    });
    assertEquals(await task, [0, 1, 1, 5]);
    assertEquals(clock.now, 110);
    assertTasks([]);
  });
});

test("abortable() of a context is cut with its task where the current task isn't known", async () => {
  await withoutContext(async () => {
    const task = createTask(async ({ abortable, checkpoint }) => {
      await checkpoint();
      return await collect(abortable(new Feed(hangs)));
    });
    await turn();
    task.cancel("enough");
    await assertRejects(() => task, CancelledError, "enough");
    assertEquals(task.status, "cancelled");
  });
});

test("abortable() that nobody awaits doesn't end the process", async () => {
  const controller = new AbortController();
  const items = abortable(new Feed(() => never), controller);
  items.next();
  controller.abort();
  await turn();
  abortable(new Feed(hangs), controller).next();
  await turn();
});

test("a loop over abortable() ends when asking for an item cancels its task", async () => {
  const source = {
    [Symbol.asyncIterator]: () => ({
      next() {
        currentTask()?.cancel("while it was asked");
        return new Promise<never>(() => {});
      },
    }),
  };
  const task = createTask(async () => {
    for await (const _ of abortable(source));
  });
  await turn();
  assertEquals(task.status, "cancelled");
});
