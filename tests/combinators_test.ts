import { assert, assertEquals, assertFalse, assertRejects } from "@std/assert";
import {
  all,
  allSettled,
  any,
  asCompleted,
  CancelledError,
  CancelScope,
  checkpoint,
  type Competitor,
  createTask,
  currentTask,
  InvalidStateError,
  race,
  sleep,
} from "../mod.ts";
import type { CancelNode } from "../src/core/node.ts";
import { withVirtualClock } from "../testing.ts";
import { after, forever, slowCleanup } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { assertRefused, assertTasks } from "./_probes.ts";

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
