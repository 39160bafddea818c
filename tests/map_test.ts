import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  CancelledError,
  CancelScope,
  createTask,
  currentTask,
  map,
  sleep,
  type Task,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import {
  collectingFailures,
  deafSleep,
  failsInCleanup,
  slowCleanup,
} from "./_bodies.ts";
import { test } from "./_harness.ts";
import { assertRefused, assertTasks, turn } from "./_probes.ts";

const forever = () => sleep(Infinity);

/** A source that says what happens to it. */
class Source<T> {
  readonly #items: readonly T[];
  pulled = 0;
  returned = 0;
  pulling = 0;
  mostPulling = 0;
  failure: unknown;

  constructor(items: readonly T[]) {
    this.#items = items;
  }
  take(): IteratorResult<T> {
    if (this.failure !== undefined) throw this.failure;
    const index = this.pulled++;
    return index < this.#items.length
      ? { done: false, value: this.#items[index] as T }
      : { done: true, value: undefined };
  }
  sync(): Iterable<T> {
    return {
      [Symbol.iterator]: () => ({
        next: () => this.take(),
        return: () => {
          this.returned++;
          return { done: true, value: undefined };
        },
      }),
    };
  }
  async(ms = 0): AsyncIterable<T> {
    return {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          this.mostPulling = Math.max(this.mostPulling, ++this.pulling);
          try {
            await deafSleep(ms);
            return this.take();
          } finally {
            this.pulling--;
          }
        },
        return: () => {
          this.returned++;
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
  }
}

const ten = Array.from({ length: 10 }, (_, i) => i);

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

// Failing

test("map() cancels and joins the others before it rejects with the first failure", async () => {
  await withVirtualClock(async (clock) => {
    const error = new Error("third");
    const ended: number[] = [];
    const caught = await assertRejects(() =>
      map(ten, async (n) => {
        await sleep(n);
        if (n === 2) throw error;
        await slowCleanup(20)().finally(() => ended.push(n));
      }, { concurrency: 4 })
    );
    assertStrictEquals(caught, error);
    assertEquals(ended, [0, 1]);
    assertEquals(clock.now, 22);
    assertTasks([]);
  });
});

test("map() takes no further item after a failure", async () => {
  await withVirtualClock(async () => {
    const seen: number[] = [];
    await assertRejects(() =>
      map(ten, async (n) => {
        seen.push(n);
        await deafSleep(10 + n);
        if (n === 0) throw new Error("first");
      }, { concurrency: 2 })
    );
    assertEquals(seen, [0, 1]);
  });
});

test("map() reports once what others throw in their cleanup", async () => {
  const error = new Error("can't close");
  await collectingFailures(async (failures) => {
    await assertRejects(
      () =>
        map([0, 1], async (n) => {
          if (n === 1) return await failsInCleanup(error)();
          await sleep(1);
          throw new Error("first");
        }),
      Error,
      "first",
    );
    await turn();
    assertEquals(failures.map(({ error }) => error), [error]);
  });
});

test("map() rejects with a synchronous throw of its body", async () => {
  await assertRejects(
    () =>
      map([1], () => {
        throw new RangeError("at once");
      }),
    RangeError,
  );
});

test("map() closes the source when a body fails", async () => {
  for (const kind of ["sync", "async"] as const) {
    const source = new Source(ten);
    await assertRejects(() =>
      map(source[kind](), () => Promise.reject(new Error("no")), {
        concurrency: 2,
      })
    );
    assertEquals(source.returned, 1, kind);
  }
});

test("map() doesn't close a source that has ended", async () => {
  for (const kind of ["sync", "async"] as const) {
    const source = new Source(ten);
    await map(source[kind](), (n) => n);
    assertEquals(source.returned, 0, kind);
  }
});

test("map() rejects with what its source throws, and neither asks nor closes it any more", async () => {
  for (const kind of ["sync", "async"] as const) {
    const source = new Source(ten);
    source.failure = new Error("source");
    let running: Task | undefined;
    const caught = await assertRejects(() =>
      map(source[kind](), () => {
        running = currentTask();
      }, { concurrency: 3 })
    );
    assertStrictEquals(caught, source.failure);
    assertEquals(source.returned, 0, kind);
    assertEquals(running, undefined);
  }
});

test("map() rejects with what closing its source throws only when nothing failed before", async () => {
  const closing = new Error("closing");
  const items: Iterable<number> = {
    [Symbol.iterator]: () => ({
      next: () => ({ done: false, value: 1 }),
      return: () => {
        throw closing;
      },
    }),
  };
  await collectingFailures(async (failures) => {
    await assertRejects(
      () =>
        map(items, () => Promise.reject(new Error("body")), { concurrency: 1 }),
      Error,
      "body",
    );
    assertEquals(failures.map(({ error }) => error), [closing]);
  });
});

test("map() names its workers after its body, or itself", async () => {
  function name(): string | undefined {
    return currentTask()?.name;
  }
  assertEquals(await map([1], name), ["name"]);
  assertEquals(await map([1], (() => () => currentTask()?.name)()), ["map()"]);
});

// Cancelling

test("map() passes outer cancellation to its bodies and rejects after their cleanup", async () => {
  await withVirtualClock(async (clock) => {
    const source = new Source(ten);
    const task = createTask(() =>
      map(source.sync(), slowCleanup(20), { concurrency: 3 })
    );
    await sleep(5);
    task.cancel("outer");
    await assertRejects(() => task, CancelledError, "outer");
    assertEquals(task.status, "cancelled");
    assertEquals(clock.now, 25);
    assertEquals(source.pulled, 3);
    assertEquals(source.returned, 1);
    assertTasks([]);
  });
});

test("map() lets a failure in the cleanup beat outer cancellation", async () => {
  const error = new Error("can't close");
  await collectingFailures(async (failures) => {
    const task = createTask(() => map([1], failsInCleanup(error)));
    task.cancel("outer");
    assertStrictEquals(await assertRejects(() => task), error);
    await turn();
    assertEquals(failures, []);
  });
});

test("map() cancels the wait of an async generator that it pulls from, and lets it clean up", async () => {
  await withVirtualClock(async (clock) => {
    const log: string[] = [];
    async function* feed() {
      try {
        yield 1;
        await sleep(60_000);
        yield 2;
      } finally {
        log.push(`closed at ${clock.now}`);
      }
    }
    const scope = new CancelScope({ deadline: 30 });
    await scope.run(() => map(feed(), (n) => n, { concurrency: 2 }));
    assert(scope.cancelledCaught);
    await assertRejects(
      () =>
        map(feed(), async () => {
          await sleep(10);
          throw new Error("body");
        }, { concurrency: 2 }),
      Error,
      "body",
    );
    assertEquals(log, ["closed at 30", "closed at 40"]);
  });
});

test("map() is not cut short by a cancellation that comes after its last item", async () => {
  const task = createTask(async () => {
    const results = await map([1, 2], (n) => n);
    task.cancel();
    return results;
  });
  assertEquals(await task, [1, 2]);
});

test("map() belongs to the current task", async () => {
  await createTask(async () => {
    const own = currentTask();
    await map([1], () => assertStrictEquals(currentTask()?.parent, own));
  });
});

test("map() in a task that is cancelled already finishes no item", async () => {
  const finished: number[] = [];
  const task = createTask(async () => {
    await forever().catch(() => {});
    await map(ten, async (n) => {
      await sleep(1);
      finished.push(n);
    }, { concurrency: 2 });
  });
  task.cancel();
  await assertRejects(() => task, CancelledError);
  assertEquals(finished, []);
});
