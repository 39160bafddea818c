import { assertEquals, assertInstanceOf } from "@std/assert";
import {
  createTask,
  InvalidStateError,
  sleep,
  type Started,
  type Task,
  TaskGroup,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { fails, forever } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { groupError } from "./_probes.ts";

type Late = (group: TaskGroup) => unknown;

const LATE: Readonly<Record<string, Late>> = {
  "group.spawn()": (group) => group.spawn(() => sleep(20)),
  "group.start()": (group) =>
    group.start(async (_, started: Started<void>) => {
      started();
      await sleep(20);
    }),
  "a service": (group) => group.spawn(forever, { service: true }),
};

const WAYS: Readonly<
  Record<string, (use: (group: TaskGroup) => void) => Promise<unknown>>
> = {
  "TaskGroup.run()": (use) => TaskGroup.run(use),
  "group.join()": (use) => {
    const group = new TaskGroup();
    use(group);
    return group.join();
  },
};

for (const [how, late] of Object.entries(LATE)) {
  for (const [way, leave] of Object.entries(WAYS)) {
    test(`${how} in the turn in which ${way} ends is refused or waited for`, async () => {
      for (const then of [false, true]) {
        for (let hops = 0; hops <= 5; hops++) {
          await withVirtualClock(async () => {
            let kept: TaskGroup | undefined;
            let refused: unknown;
            await leave((group) => {
              kept = group;
              const first = group.spawn(() => sleep(5));
              const act = async () => {
                for (let i = 0; i < hops; i++) await null;
                try {
                  void late(group);
                } catch (error) {
                  refused = error;
                }
              };
              if (then) void first.then(act);
              else void (async () => (await first, await act()))();
            });
            assertEquals(kept?.size, 0, `${hops} hops`);
            if (refused === undefined) return;
            assertInstanceOf(refused, InvalidStateError);
            assertEquals(
              refused.message,
              `Cannot spawn in group "${kept?.name}": it has ended`,
            );
          });
        }
      }
    });
  }
}

test("a group loses no failure of a child that was spawned in the turn in which the last one ended", async () => {
  for (let hops = 0; hops <= 5; hops++) {
    await withVirtualClock(async () => {
      const error = new Error("disk full");
      let second: Task | undefined;
      const caught = await TaskGroup.run((group) => {
        const first = group.spawn(() => sleep(5));
        void (async () => {
          await first;
          for (let i = 0; i < hops; i++) await null;
          try {
            second = group.spawn(() => sleep(20).then(fails(error)));
          } catch (refused) {
            assertInstanceOf(refused, InvalidStateError);
          }
        })();
      }).catch((error) => error);
      assertEquals(second === undefined, caught === undefined);
      if (second !== undefined) assertEquals(caught.errors, [error]);
    });
  }
});

test("two children that throw the same text both count", async () => {
  const caught = await groupError(TaskGroup.run((group) => {
    group.spawn(fails("timeout"));
    group.spawn(fails("timeout"));
  }, { name: "g" }));
  assertEquals(caught.errors, ["timeout", "timeout"]);
  assertEquals(caught.message, '2 errors in group "g": timeout; timeout');
});

test("two children that throw the same object count once", async () => {
  const error = new Error("shared");
  const caught = await groupError(TaskGroup.run((group) => {
    group.spawn(fails(error));
    group.spawn(fails(error));
  }));
  assertEquals(caught.errors, [error]);
});

test("a body that awaits a child which throws a text reports it once", async () => {
  const caught = await groupError(TaskGroup.run(async (group) => {
    await group.spawn(fails("timeout"));
  }));
  assertEquals(caught.errors, ["timeout"]);
});

test("the first error of a group is the cause of its AggregateError", async () => {
  const error = new Error("first");
  const caught = await groupError(TaskGroup.run((group) => {
    group.spawn(fails(error));
    group.spawn(fails(new Error("second")));
  }));
  assertEquals(caught.cause, error);
});

test("group.join() from a task that isn't in the group resolves", async () => {
  const group = new TaskGroup();
  group.spawn(() => {});
  const other = createTask(async () => {
    await group.join();
    return "joined";
  }, { detached: true });
  assertEquals(await other, "joined");
});
