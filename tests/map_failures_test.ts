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
  turns,
} from "./_bodies.ts";
import { test } from "./_harness.ts";
import { assertTasks, turn } from "./_probes.ts";
import { forever } from "./_bodies.ts";
import { Source, ten } from "./_map.ts";

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
  // A pull that was under way has its timer for that long.
  await turns();
});

test("map() doesn't close a source that has ended", async () => {
  for (const kind of ["sync", "async"] as const) {
    const source = new Source(ten);
    await map(source[kind](), (n) => n);
    assertEquals(source.returned, 0, kind);
  }
  // A pull that was under way has its timer for that long.
  await turns();
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
