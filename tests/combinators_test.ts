import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  all,
  allSettled,
  allTasks,
  any,
  asCompleted,
  CancelledError,
  CancelScope,
  checkpoint,
  type Competitor,
  createTask,
  currentTask,
  formatReason,
  InvalidStateError,
  moveOnAfter,
  race,
  sleep,
  type Task,
} from "../mod.ts";
import type { CancelNode } from "../src/core/node.ts";
import { withVirtualClock } from "../testing.ts";
import {
  collectingFailures,
  deafSleep,
  failsInCleanup,
  slowCleanup,
  stubborn,
} from "./_bodies.ts";
import { test } from "./_harness.ts";
import { assertRefused, assertTasks, turn } from "./_probes.ts";

const forever = () => sleep(Infinity);
const fails = (error: unknown) => () => Promise.reject(error);
const after = <T>(ms: number, value: T) => () => sleep(ms).then(() => value);

async function collect<T>(items: Iterable<Competitor<T>>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of asCompleted(items)) values.push(value);
  return values;
}

/** What all of them have in common, each as a function to a promise. */
const combinators = {
  all: (items: Iterable<Competitor<unknown>>): Promise<unknown> => all(items),
  any: (items: Iterable<Competitor<unknown>>): Promise<unknown> => any(items),
  race: (items: Iterable<Competitor<unknown>>): Promise<unknown> => race(items),
  asCompleted: (items: Iterable<Competitor<unknown>>): Promise<unknown> =>
    collect(items),
  allSettled: (items: Iterable<Competitor<unknown>>): Promise<unknown> =>
    allSettled(items),
};

for (const [name, run] of Object.entries(combinators)) {
  test(`${name}() rejects with the outer cancellation after the cleanup of all`, async () => {
    await withVirtualClock(async (clock) => {
      const task = createTask(() => run([slowCleanup(20), slowCleanup(30)]));
      await sleep(5);
      task.cancel("outer");
      await assertRejects(() => task, CancelledError, "outer");
      assertEquals(task.status, "cancelled");
      assertEquals(clock.now, 35);
      assertTasks([]);
    });
  });

  test(`${name}() passes outer cancellation on to tasks that run elsewhere, and joins them`, async () => {
    await withVirtualClock(async (clock) => {
      const elsewhere = createTask(slowCleanup(20));
      const task = createTask(() => run([elsewhere, forever]));
      task.cancel("outer");
      await assertRejects(() => task, CancelledError, "outer");
      assertEquals(elsewhere.status, "cancelled");
      assertEquals(elsewhere.reason?.message, "outer");
      assertEquals(clock.now, 20);
    });
  });

  test(`${name}() is swallowed by the scope around it that is cancelled`, async () => {
    const scope = new CancelScope();
    const wait = scope.run(() => run([forever, forever]));
    scope.cancel();
    assertEquals(await wait, undefined);
    assert(scope.cancelledCaught);
  });

  test(`${name}() refuses what is no iterable of bodies and tasks, and starts nothing`, () => {
    const call = run as (items: unknown) => unknown;
    const refused = name === "asCompleted"
      ? (items: unknown) => () =>
        asCompleted(items as Iterable<Competitor<unknown>>)
      : (items: unknown) => () => call(items);
    assertRefused(refused(5), TypeError, "received 5");
    assertRefused(refused(null), TypeError, "received null");
    let started = false;
    const body = () => {
      started = true;
    };
    assertRefused(refused([body, Promise.resolve()]), TypeError, "[Promise]");
    assertFalse(started);
  });

  test(`${name}() refuses the task that calls it, which would wait for itself`, async () => {
    const task = createTask(async () => {
      await checkpoint();
      await run([currentTask()!]);
    }, { name: "self" });
    await assertRejects(() => task, InvalidStateError, '"self"');
  });

  test(`${name}() takes any iterable once`, async () => {
    function* bodies() {
      yield after(1, "a");
      yield after(2, "b");
    }
    await run(bodies());
    await run(new Set(bodies()));
  });

  test(`${name}() takes a task that has ended, and a task twice`, async () => {
    const done = createTask(() => "done");
    await done;
    await run([done, done]);
    const running = createTask(after(1, "value"));
    await run([running, running]);
  });

  test(`${name}() leaves no task and no listener behind`, async () => {
    const elsewhere = createTask(forever);
    const owner = createTask(async () => {
      await run([after(1, "a"), after(2, "b"), createTask(after(1, "c"))]);
      const node = currentTask() as unknown as CancelNode;
      assertEquals(node.head, null);
      assertEquals(node.listeners, null);
    });
    await owner;
    assertTasks([elsewhere]);
    elsewhere.cancel();
    await elsewhere.catch(() => {});
  });
}

for (const [name, run] of Object.entries({ any, race })) {
  test(`${name}() throws when it is given nothing`, () => {
    assertRefused(
      () => run([]),
      TypeError,
      `Cannot use ${name}(): expected at least one body or task, received none`,
    );
  });

  test(`${name}() cancels and joins the losers before it gives the first value`, async () => {
    await withVirtualClock(async (clock) => {
      let loser: Task | undefined;
      const value = await run([
        after(10, "winner"),
        async () => {
          loser = currentTask();
          await slowCleanup(25)();
          return "loser";
        },
      ]);
      assertEquals(value, "winner");
      assertEquals(clock.now, 35);
      assertEquals(loser?.status, "cancelled");
      assertEquals(
        formatReason(loser!.reason!),
        "cancelled with its parent <- cancelled with its group: another one was first",
      );
    });
  });

  test(`${name}() cancels a running task that loses`, async () => {
    const loser = createTask(forever);
    assertEquals(
      await run([loser as Task<unknown>, after(1, "winner")]),
      "winner",
    );
    assertEquals(loser.status, "cancelled");
    assertEquals(loser.reason?.message, "another one was first");
  });

  test(`${name}() waits for a loser that ignores its cancellation`, async () => {
    await withVirtualClock(async (clock) => {
      assertEquals(await run([after(1, "winner"), stubborn(40)]), "winner");
      assertEquals(clock.now, 40);
    });
  });

  test(`${name}() gives its value when outer cancellation comes during the join of the losers`, async () => {
    await withVirtualClock(async () => {
      const task = createTask(async () => {
        const value = await run([after(1, "winner"), stubborn(40)]);
        await assertRejects(() => checkpoint(), CancelledError);
        return value;
      });
      await sleep(5);
      task.cancel("outer");
      assertEquals(await task, "winner");
    });
  });

  test(`${name}() reports once what a loser throws in its cleanup`, async () => {
    const error = new Error("can't close");
    await collectingFailures(async (failures) => {
      await createTask(() =>
        run<unknown>([after(1, "winner"), failsInCleanup(error)])
      );
      await turn();
      assertEquals(failures.map(({ error }) => error), [error]);
    });
  });
}

// all()

test("all() gives the values in the order of its items", async () => {
  await withVirtualClock(async (clock) => {
    const values = await all([after(30, "a"), after(10, 2), after(20, true)]);
    const [a, b, c]: [string, number, boolean] = values;
    assertEquals([a, b, c], ["a", 2, true]);
    assertEquals(clock.now, 30);
  });
});

test("all() gives an empty list when it is given nothing", async () => {
  assertEquals(await all([]), []);
});

test("all() starts its bodies at once, in order", async () => {
  const started: number[] = [];
  const run = all([1, 2, 3].map((n) => () => void started.push(n)));
  assertEquals(started, [1, 2, 3]);
  await run;
});

test("all() cancels and joins the others before it rejects with the first failure", async () => {
  await withVirtualClock(async (clock) => {
    const error = new Error("first");
    const running = createTask(slowCleanup(30));
    const caught = await assertRejects(() =>
      all([slowCleanup(20), () => sleep(5).then(fails(error)), running])
    );
    assertStrictEquals(caught, error);
    assertEquals(clock.now, 35);
    assertEquals(running.reason?.message, "another one failed");
    assertTasks([]);
  });
});

test("all() reports the failures that come after the first once, and nowhere else", async () => {
  const errors = [1, 2, 3].map((n) => new Error(`${n}`));
  await collectingFailures(async (failures) => {
    const caught = await assertRejects(() => all(errors.map(fails)));
    assertStrictEquals(caught, errors[0]);
    await turn();
    assertEquals(failures.map(({ error }) => error), errors.slice(1));
  });
});

test("all() rejects with the cancellation of one of its tasks", async () => {
  const task = createTask(forever);
  const other = createTask(forever);
  const run = all([task, other]);
  task.cancel("only this one");
  await assertRejects(() => run, CancelledError, "only this one");
  assertEquals(other.status, "cancelled");
});

test("all() gives its values when all are ready in spite of outer cancellation", async () => {
  const task = createTask(() => all([stubborn(1), stubborn(2)]));
  task.cancel();
  assertEquals(await task, ["done anyway", "done anyway"]);
});

test("all() beats outer cancellation with a failure, and reports none of it twice", async () => {
  const error = new Error("can't close");
  await collectingFailures(async (failures) => {
    const task = createTask(() => all([failsInCleanup(error)]));
    task.cancel();
    assertStrictEquals(await assertRejects(() => task), error);
    await turn();
    assertEquals(failures, []);
  });
});

test("all() makes its bodies children of the current task", async () => {
  await createTask(async () => {
    const own = currentTask();
    await all([() => assertStrictEquals(currentTask()?.parent, own)]);
  });
});

test("all() of 10,000 bodies is not slow, and leaves nothing", async () => {
  const values = await all(Array.from({ length: 10_000 }, (_, i) => () => i));
  assertEquals(values.length, 10_000);
  assertEquals(values[9_999], 9_999);
  assertTasks([]);
});

// any()

test("any() ignores failures until one completes", async () => {
  await collectingFailures(async (failures) => {
    const value = await any([fails(new Error("down")), after(2, "up")]);
    assertEquals(value, "up");
    await turn();
    assertEquals(failures, []);
  });
});

test("any() throws an AggregateError in the order of its items when none completes", async () => {
  await withVirtualClock(async () => {
    const [one, two] = [new Error("one"), new Error("two")];
    const caught = await assertRejects(
      () => any([() => sleep(20).then(fails(one)), fails(two)]),
      AggregateError,
      "None of 2 completed",
    );
    assertEquals(caught.errors, [one, two]);
  });
});

test("any() counts a cancelled task as one that didn't complete", async () => {
  const task = createTask(forever);
  const run = any<unknown>([task, after(1, "value")]);
  task.cancel();
  assertEquals(await run, "value");
  const other = createTask(forever);
  const none = any([other]);
  other.cancel("not this one");
  const caught = await assertRejects(() => none, AggregateError);
  assertInstanceOf(caught.errors[0], CancelledError);
});

// race()

test("race() settles as the first does, also when that fails", async () => {
  await withVirtualClock(async (clock) => {
    const error = new Error("first");
    const caught = await assertRejects(() =>
      race([after(30, "slow"), () => sleep(10).then(fails(error))])
    );
    assertStrictEquals(caught, error);
    assertEquals(clock.now, 10);
  });
});

test("race() is won by the first item when two are ready in one tick", async () => {
  assertEquals(await race([() => "a", () => "b"]), "a");
});

test("race() works as a timeout whose loser is stopped and waited for", async () => {
  await withVirtualClock(async (clock) => {
    const work = createTask(slowCleanup(10));
    const winner = await race<unknown>([work, after(20, "too late")]);
    assertEquals(winner, "too late");
    assertEquals(work.status, "cancelled");
    assertEquals(clock.now, 30);
  });
});

// asCompleted()

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

// allSettled()

test("allSettled() tells how each ended, in order, and stops nobody", async () => {
  await withVirtualClock(async () => {
    const error = new Error("no");
    const task = createTask(forever, { name: "task" });
    const run = allSettled<unknown>([after(20, "a"), fails(error), task]);
    task.cancel("not this one");
    const [a, b, c] = await run;
    assertEquals(a, { status: "completed", value: "a" });
    assertEquals(b, { status: "failed", error });
    assert(c?.status === "cancelled");
    assertEquals(c.reason.message, "not this one");
  });
});

test("allSettled() gives an empty list when it is given nothing", async () => {
  assertEquals(await allSettled([]), []);
});

test("allSettled() reports the failures that it can't give because of outer cancellation", async () => {
  const error = new Error("early");
  await collectingFailures(async (failures) => {
    const task = createTask(() => allSettled([fails(error), forever]));
    await turn();
    task.cancel("outer");
    await assertRejects(() => task, CancelledError, "outer");
    await turn();
    assertEquals(failures.map(({ error }) => error), [error]);
  });
});

test("allSettled() under a time limit leaves nothing running", async () => {
  await withVirtualClock(async () => {
    await moveOnAfter(10, () => allSettled([forever, () => deafSleep(30)]));
    assertEquals(allTasks(), []);
  });
});
