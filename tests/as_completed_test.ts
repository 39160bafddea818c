import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  asCompleted,
  CancelledError,
  type Competitor,
  createTask,
  currentTask,
  sleep,
  type Task,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import {
  after,
  collectingFailures,
  fails,
  forever,
  slowCleanup,
} from "./_bodies.ts";
import { test } from "./_harness.ts";
import { assertRefused, assertTasks, turn } from "./_probes.ts";

async function collect<T>(items: Iterable<Competitor<T>>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of asCompleted(items)) values.push(value);
  return values;
}

test("asCompleted() gives values in the order of completion", async () => {
  await withVirtualClock(async () => {
    assertEquals(
      await collect([after(30, "c"), after(10, "a"), after(20, "b")]),
      ["a", "b", "c"],
    );
  });
});

test("asCompleted() gives a value as soon as it is there", async () => {
  await withVirtualClock(async (clock) => {
    const times: number[] = [];
    for await (const _ of asCompleted([after(30, 0), after(10, 0)])) {
      times.push(clock.now);
    }
    assertEquals(times, [10, 30]);
  });
});

test("asCompleted() ends at once when it is given nothing", async () => {
  assertEquals(await collect([]), []);
});

test("asCompleted() starts its bodies when the loop begins", async () => {
  let started = false;
  const values = asCompleted([() => {
    started = true;
  }]);
  await turn();
  assertFalse(started);
  await values.next();
  assert(started);
  await values.return();
});

test("asCompleted() cancels and joins the rest when the loop is left early", async () => {
  await withVirtualClock(async (clock) => {
    const rest = createTask(slowCleanup(20));
    for await (const value of asCompleted<unknown>([after(10, "a"), rest])) {
      assertEquals(value, "a");
      break;
    }
    assertEquals(rest.status, "cancelled");
    assertEquals(rest.reason?.message, "its loop has ended");
    assertEquals(clock.now, 30);
    assertTasks([]);
  });
});

test("asCompleted() cancels and joins the rest when the loop throws", async () => {
  await withVirtualClock(async () => {
    const rest = createTask(slowCleanup(20));
    await assertRejects(
      async () => {
        for await (const value of asCompleted<unknown>([after(1, "a"), rest])) {
          throw new RangeError(`${value}`);
        }
      },
      RangeError,
      "a",
    );
    assertEquals(rest.status, "cancelled");
  });
});

test("asCompleted() throws the first failure and joins the rest", async () => {
  await withVirtualClock(async (clock) => {
    const error = new Error("first");
    const seen: unknown[] = [];
    const caught = await assertRejects(async () => {
      const items = [
        after(5, "a"),
        () => sleep(10).then(fails(error)),
        slowCleanup(20),
      ];
      for await (const value of asCompleted<unknown>(items)) seen.push(value);
    });
    assertStrictEquals(caught, error);
    assertEquals(seen, ["a"]);
    assertEquals(clock.now, 30);
  });
});

test("asCompleted() reports failures that the loop never came to once", async () => {
  const error = new Error("unseen");
  await collectingFailures(async (failures) => {
    for await (const value of asCompleted<unknown>([() => "a", fails(error)])) {
      assertEquals(value, "a");
      await turn();
      break;
    }
    await turn();
    assertEquals(failures.map(({ error }) => error), [error]);
  });
});

test("asCompleted() loses no value that comes while the loop is busy", async () => {
  await withVirtualClock(async () => {
    const seen: number[] = [];
    for await (
      const value of asCompleted([after(1, 1), after(2, 2), after(3, 3)])
    ) {
      await sleep(50);
      seen.push(value);
    }
    assertEquals(seen, [1, 2, 3]);
  });
});

test("asCompleted() belongs to the task that makes its first next()", async () => {
  const owners: unknown[] = [];
  let values: AsyncGenerator<void, void, void> | undefined;
  await createTask(() => {
    values = asCompleted([() => void owners.push(currentTask()?.parent)]);
  }, { name: "caller" });
  const loop: Task = createTask(async () => {
    for await (const _ of values!);
  }, { name: "loop" });
  await loop;
  assertStrictEquals(owners[0], loop);
});

test("asCompleted() is ended by the signal it is given, whoever loops", async () => {
  const caller = createTask(forever);
  const values = asCompleted([forever], { signal: caller });
  const next = values.next();
  caller.cancel("client gone");
  await assertRejects(() => next, CancelledError, "client gone");
  await caller.catch(() => {});
});

test("asCompleted() refuses unknown options at the call", () => {
  const call = asCompleted as (...args: unknown[]) => unknown;
  assertRefused(
    () => call([forever], { signals: null }),
    TypeError,
    'unknown option "signals"; did you mean "signal"?',
  );
});
