/** Where the items of `map()` come from, who ends it, and what it is called. */
import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  allTasks,
  AsyncEvent,
  CancelledError,
  createTask,
  currentTask,
  failAfter,
  map,
  sleep,
  type Task,
  TimeoutError,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { collectingFailures, turns } from "./_bodies.ts";
import { test } from "./_harness.ts";
import {
  assertRefused,
  assertTasks,
  never,
  spy,
  turn,
  withoutContext,
} from "./_probes.ts";

async function* deaf(): AsyncGenerator<number> {
  yield 1;
  await never;
}

test("map() over a source that hangs is cut by its scope, within grace", async () => {
  for (const [grace, at] of [[undefined, 1050], [200, 250]] as const) {
    await withVirtualClock(async (clock) => {
      const seen: number[] = [];
      await assertRejects(
        () =>
          failAfter(
            50,
            () => map(deaf(), (n) => seen.push(n), { concurrency: 3, grace }),
          ),
        TimeoutError,
      );
      assertEquals(seen, [1]);
      assertEquals(clock.now, at);
      assertEquals(clock.timers, 0);
      assertTasks([]);
    });
  }
});

test("map() leaves a source that hangs when a body fails", async () => {
  await withVirtualClock(async (clock) => {
    await assertRejects(
      () =>
        map(deaf(), async () => {
          await sleep(10);
          throw new Error("body");
        }, { concurrency: 2, grace: 100 }),
      Error,
      "body",
    );
    assertEquals(clock.now, 110);
    assertTasks([]);
  });
});

test("map() closes a source that hangs once", async () => {
  let returned = 0;
  const source: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => never,
      return: () => {
        returned++;
        return Promise.resolve({ done: true, value: undefined });
      },
    }),
  };
  const task = createTask(() => map(source, () => {}, { concurrency: 2 }));
  await turn();
  task.cancel();
  await assertRejects(() => task, CancelledError);
  assertEquals(returned, 1);
});

test("map() reports what the cleanup of its source fails with after a failure", async () => {
  const failure = new Error("can't close");
  async function* clumsy() {
    try {
      yield 1;
      await sleep(Infinity);
    } finally {
      await Promise.reject(failure);
    }
  }
  await collectingFailures(async (failures) => {
    const body = () => Promise.reject(new Error("body"));
    await assertRejects(() => map(clumsy(), body), Error, "body");
    assertEquals(failures.map(({ error }) => error), [failure]);
  });
});

test("map() refuses a text as all() does", () => {
  const call = () => map("abc" as Iterable<string>, (letter) => letter);
  assertRefused(
    call,
    TypeError,
    'Cannot map: expected items in an iterable, async iterable or stream, received "abc"; [...text] gives its characters',
  );
});

test("map() is ended by its signal, and leaves no listener", async () => {
  await withVirtualClock(async () => {
    const source = spy();
    const body = () => sleep(10);
    await map([1, 2], body, { signal: source.signal });
    assertEquals([source.most, source.now], [1, 0]);
    const work = map([1, 2], body, { signal: source.signal, concurrency: 1 });
    const reason = new Error("enough");
    await sleep(5);
    source.controller.abort(reason);
    assertStrictEquals(await assertRejects(() => work), reason);
    assertTasks([]);
  });
});

test("map() with a signal is ended by its task too", async () => {
  const { signal } = new AbortController();
  const task = createTask(() => map([1], () => sleep(Infinity), { signal }));
  task.cancel("enough");
  await assertRejects(() => task, CancelledError, "enough");
});

test("map() belongs to its signal's task where the current task isn't known", async () => {
  await withoutContext(() =>
    withVirtualClock(async () => {
      const task = createTask(async (context) => {
        await context.sleep(1);
        await map([1, 2], async (n, inner) => {
          assertEquals(currentTask()?.name, `item ${n}`);
          await inner.sleep(60_000);
        }, { signal: context, name: (n) => `item ${n}`, concurrency: 1 });
      });
      await sleep(5, { signal: null });
      assert(
        allTasks().some(({ name, parent }) =>
          name === "item 1" && parent === task
        ),
      );
      task.cancel("enough");
      await assertRejects(() => task, CancelledError, "enough");
    })
  );
});

test("map() tells the synchronous part of each body its task, on every runtime", async () => {
  await withoutContext(async () => {
    const name = (n: number) => `${n}`;
    const own = () => currentTask()?.name;
    const options = { concurrency: 1, name };
    assertEquals(await map([1, 2, 3], own, options), ["1", "2", "3"]);
    const seen: (string | undefined)[] = [];
    async function* feed() {
      seen.push(own());
      yield 1;
      seen.push(own());
    }
    await map(feed(), async function work() {
      await turn();
      seen.push(own());
    }, { concurrency: 1 });
    assertEquals(seen, ["work", undefined, "work"]);
  });
});

test("map() names the task that works on an item", async () => {
  await withVirtualClock(async () => {
    const work = map(["a", "b", "c"], () => sleep(10), {
      concurrency: 2,
      name: (path, index) => `upload ${index}: ${path}`,
    });
    assertEquals(allTasks().map(({ name }) => name), [
      "upload 0: a",
      "upload 1: b",
    ]);
    await sleep(15);
    assertEquals(allTasks().map(({ name }) => name), ["upload 2: c"]);
    await work;
  });
});

test("map() calls a worker that waits for its source by its own name", async () => {
  await withVirtualClock(async () => {
    const ready = new AsyncEvent();
    async function* feed() {
      yield "a";
      await ready.wait();
    }
    function upload() {}
    const work = map(feed(), upload, { name: (path) => path, concurrency: 1 });
    await sleep(1);
    assertEquals(allTasks().map(({ name }) => name), ["upload"]);
    ready.set();
    await work;
  });
});

test("map() names the item in the report of a failure in its cleanup", async () => {
  await withVirtualClock(async () => {
    await collectingFailures(async (failures) => {
      const body = async (item: string) => {
        await sleep(item === "a" ? 10 : 20).catch(() => {});
        throw new Error(item);
      };
      const work = map(["a", "b"], body, { name: (item) => `get ${item}` });
      await assertRejects(() => work, Error, "a");
      assertEquals(failures.map(({ name }) => name), ["get b"]);
    });
  });
});

test("map() rejects with what its name throws, and with a name that is no text", async () => {
  const failure = new Error("name");
  const name = () => {
    throw failure;
  };
  const work = () => map([1], () => {}, { name });
  assertStrictEquals(await assertRejects(work), failure);
  const wrong = () => 5 as unknown as string;
  await assertRejects(
    () => map([1], () => {}, { name: wrong }),
    TypeError,
    "Cannot use the name of map(): expected a string, received 5",
  );
});

test("map() that a body cancels takes no further item", async () => {
  const seen: number[] = [];
  const task: Task<unknown> = createTask(async () =>
    await map([1, 2, 3], async (n) => {
      seen.push(n);
      await Promise.resolve();
      task.cancel("enough");
      return n;
    }, { concurrency: 1 })
  );
  await assertRejects(() => task, CancelledError, "enough");
  assertEquals(task.status, "cancelled");
  assertEquals(seen, [1]);
});

test("map() that is cancelled before anybody awaits it doesn't end the process", async () => {
  const controller = new AbortController();
  void map([1], () => sleep(Infinity), { signal: controller });
  void map(deaf(), () => {}, { signal: controller, grace: 0 });
  await turn();
  controller.abort();
  void map([1], () => sleep(Infinity), { signal: controller });
  await turns();
  assertTasks([]);
});

test("map() refuses options that don't exist or are of the wrong type", () => {
  const call = (options: unknown) => () =>
    map([1], () => {}, options as { grace: number });
  assertRefused(
    call({ limit: 1 }),
    TypeError,
    'Cannot use the options of map(): unknown option "limit"',
  );
  assertRefused(call({ timeout: 1 }), TypeError, 'did you mean "grace"?');
  assertRefused(call({ name: "a" }), TypeError, 'received "a"');
  assertRefused(call({ grace: -1 }), RangeError, "received -1");
  assertRefused(call({ signal: 1 }), TypeError, "received 1");
});
