import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  all,
  allSettled,
  any,
  asCompleted,
  CancelledError,
  CancelScope,
  type CombineOptions,
  type Competitor,
  createTask,
  currentTask,
  formatReason,
  InvalidStateError,
  race,
  sleep,
  type Task,
  TaskGroup,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { after, fails, forever } from "./_bodies.ts";
import { test } from "./_harness.ts";
import {
  assertRefused,
  assertTasks,
  groupError,
  spy,
  withoutContext,
} from "./_probes.ts";

type Combine = (
  items: Iterable<Competitor<unknown>>,
  options?: CombineOptions,
) => Promise<unknown>;

const combinators: Readonly<Record<string, Combine>> = {
  all,
  any,
  race,
  allSettled,
  asCompleted: async (items, options) => {
    for await (const _ of asCompleted(items, options));
  },
  // The group itself, with the same face.
  "TaskGroup.run": (items, options) =>
    TaskGroup.run((group) => {
      for (const item of items) {
        if (typeof item === "function") group.spawn(item);
      }
    }, options ?? {}),
};

/** Runs `body` as where the runtime can't follow `await`. */
function explicitly(body: () => Promise<void>): Promise<void> {
  return withoutContext(() => withVirtualClock(body));
}

/** A pause of the test, which belongs to nobody on purpose. */
const pause = (ms: number) => sleep(ms, { signal: null });

/** A body that waits for its own cancellation alone. */
const waits = ({ sleep }: { sleep: (ms: number) => Promise<void> }) =>
  sleep(Infinity);

for (const [name, run] of Object.entries(combinators)) {
  test(`${name}() ends with the cancellation of the signal it is given`, async () => {
    const { controller, signal, ...listeners } = spy();
    const run1 = run([waits, waits], { signal });
    controller.abort(new RangeError("client gone"));
    await assertRejects(() => run1, RangeError, "client gone");
    assertEquals(listeners.now, 0);
    const run2 = run([waits], { signal });
    await assertRejects(() => run2, RangeError, "client gone");
    assertTasks([]);
  });

  test(`${name}() leaves no listener on a signal that isn't aborted`, async () => {
    const spied = spy();
    await run([() => 1], { signal: spied.signal });
    assertEquals([spied.now, spied.most], [0, 1]);
  });

  test(`${name}() takes a bare source in place of options, and refuses unknown ones`, async () => {
    const controller = new AbortController();
    const call = run as (...args: unknown[]) => Promise<unknown>;
    const wait = call([waits], controller.signal);
    controller.abort(new RangeError("gone"));
    await assertRejects(() => wait, RangeError, "gone");
    if (name === "asCompleted") return;
    const message = 'unknown option "signals"; did you mean "signal"?';
    assertRefused(() => call([waits], { signals: 1 }), TypeError, message);
    assertRefused(
      () => call([waits], { signal: 1 }),
      TypeError,
      "received 1",
    );
  });

  test(`${name}() nests without a task context: the task that is given cancels it, and owns its tasks`, async () => {
    await explicitly(async () => {
      const children: (Task | undefined)[] = [];
      const task: Task<unknown> = createTask(async (context) => {
        await context.sleep(1);
        await run([(inner) => {
          children.push(currentTask());
          return inner.sleep(Infinity);
        }], { signal: task });
      }, { name: "owner" });
      await pause(5);
      assertEquals(children.map((child) => child?.parent), [task]);
      task.cancel("stop");
      await assertRejects(() => task, CancelledError, "stop");
      assertEquals(children.map((child) => child?.status), ["cancelled"]);
      assertTasks([]);
    });
  });

  test(`${name}() takes a context for its signal without a task context`, async () => {
    await explicitly(async () => {
      const parents: (Task | undefined)[] = [];
      const task = createTask(async (context) => {
        await context.sleep(1);
        await run([(inner) => {
          parents.push(currentTask()?.parent);
          return inner.sleep(Infinity);
        }], { signal: context });
      });
      await pause(5);
      task.cancel("stop");
      await assertRejects(() => task, CancelledError, "stop");
      assertEquals(parents, [task]);
    });
  });

  test(`${name}() nests in the scope that it is given without a task context`, async () => {
    await explicitly(async () => {
      const scope = new CancelScope();
      const inScope = scope.run(async () => {
        await sleep(1, { signal: scope });
        await run([waits], { signal: scope });
      });
      await pause(2);
      scope.cancel("enough");
      assertEquals(await inScope, undefined);
      assert(scope.cancelledCaught);
      assertTasks([]);
    });
  });

  test(`${name}() nests in the group that it is given without a task context`, async () => {
    await explicitly(async () => {
      const error = new Error("sibling");
      const inGroup = TaskGroup.run(async (group) => {
        await sleep(1, { signal: group });
        group.spawn(({ sleep }) => sleep(5).then(fails(error)));
        await run([waits], { signal: group });
      });
      assertEquals((await groupError(inGroup)).errors, [error]);
      assertTasks([]);
    });
  });

  test(`${name}() without a task context belongs to the task in whose synchronous part it is called`, async () => {
    await explicitly(async () => {
      const task = createTask(() => run([waits]));
      task.cancel("stop");
      await assertRejects(() => task, CancelledError, "stop");
    });
  });

  test(`${name}() says on purpose that there is no source with null`, async () => {
    await explicitly(async () => {
      await run([after(1, "value")], { signal: null });
    });
  });
}

test("a group in a group without a task context is cancelled with it", async () => {
  await explicitly(async () => {
    let inner: Task | undefined;
    await TaskGroup.run(async (outer) => {
      await sleep(1, { signal: outer });
      const run = TaskGroup.run(async (group) => {
        inner = group.spawn(waits, { name: "inner" });
        await sleep(Infinity, { signal: group });
      }, { signal: outer, name: "in" });
      setTimeout(() => outer.cancel("enough"), 0);
      await run;
    }, { name: "out" });
    assertEquals(inner?.status, "cancelled");
    assertEquals(
      formatReason(inner!.reason!),
      "cancelled with its group <- cancelled with its group <- cancelled: enough",
    );
  });
});

test("group.start() without a task context is ended by the signal it is given", async () => {
  await explicitly(async () => {
    await TaskGroup.run(async (group) => {
      const controller = new AbortController();
      const wait = group.start(waits, { signal: controller.signal });
      controller.abort(new RangeError("client gone"));
      await assertRejects(() => wait, RangeError, "client gone");
      await sleep(1, { signal: group });
      assertEquals(group.size, 0);
    });
  });
});

for (const name of ["all", "any", "race", "allSettled", "asCompleted"]) {
  const run = combinators[name]!;

  test(`${name}() refuses an owner of the task that calls it, which would wait for it`, async () => {
    const owner = createTask(async () => {
      await null;
      const above = currentTask()!;
      await createTask(() => run([above as Task<unknown>, forever]));
    }, { name: "owner" });
    await assertRejects(
      () => owner,
      InvalidStateError,
      `Cannot use ${name}(): task "owner" owns the one that waits for it, and would never end`,
    );
    assertEquals(owner.cancelRequested, false);
  });

  test(`${name}() refuses an owner of the source that it is given, without a task context too`, async () => {
    await explicitly(async () => {
      const owner: Task<unknown> = createTask(async () => {
        const child: Task<unknown> = createTask(async (context) => {
          await context.sleep(1);
          await run([owner], { signal: child });
        });
        await child;
      }, { name: "owner" });
      await assertRejects(() => owner, InvalidStateError, '"owner" owns');
    });
  });
}
