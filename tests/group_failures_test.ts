import {
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
} from "@std/assert";
import {
  CancelledError,
  createTask,
  formatReason,
  sleep,
  type Task,
  TaskGroup,
  TaskTracker,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import {
  collectingFailures,
  deafSleep,
  fails,
  failsInCleanup,
  forever,
} from "./_bodies.ts";
import { test } from "./_harness.ts";
import { groupError, turn } from "./_probes.ts";

test("the first failure in a group cancels the siblings and the body", async () => {
  const error = new Error("disk full");
  let sibling: Task | undefined;
  let body: unknown;
  const caught = await groupError(TaskGroup.run(async (group) => {
    sibling = group.spawn(forever, { name: "sibling" });
    group.spawn(fails(error), { name: "writer" });
    await forever().catch((reason) => body = reason);
  }, { name: "downloads" }));
  assertStrictEquals(caught.errors[0], error);
  assertEquals(caught.errors.length, 1);
  assertEquals(sibling?.status, "cancelled");
  assertEquals(
    formatReason(sibling!.reason!),
    'cancelled with its group <- cancelled with its group: task "writer" failed',
  );
  assertInstanceOf(body, CancelledError);
  assertEquals(body.reason.kind, "group");
});

test("a group always throws an AggregateError, also for a single error, and says which", async () => {
  const caught = await groupError(TaskGroup.run((group) => {
    group.spawn(fails(new RangeError("too far")));
  }, { name: "walk" }));
  assertEquals(caught.message, '1 error in group "walk": RangeError: too far');
  assertEquals(caught.errors.length, 1);
});

test("a group throws the errors of children and body in the order of time", async () => {
  await withVirtualClock(async () => {
    const cleanup = (ms: number, message: string) => async () => {
      await forever().catch(() => deafSleep(ms));
      throw new Error(message);
    };
    const caught = await groupError(TaskGroup.run(async (group) => {
      group.spawn(cleanup(30, "third"));
      group.spawn(cleanup(10, "second"));
      group.spawn(async () => {
        await sleep(5);
        throw new Error("first");
      });
      await cleanup(50, "body, last")();
    }, { name: "g" }));
    assertEquals(
      caught.message,
      '4 errors in group "g": Error: first; Error: second; Error: third; Error: body, last',
    );
    assertEquals(
      caught.errors.map(({ message }) => message),
      ["first", "second", "third", "body, last"],
    );
  });
});

test("a group whose body fails cancels the children and throws", async () => {
  const error = new Error("body");
  let child: Task | undefined;
  const caught = await groupError(TaskGroup.run((group) => {
    child = group.spawn(forever);
    throw error;
  }));
  assertEquals(caught.errors, [error]);
  assertEquals(child?.status, "cancelled");
  assertEquals(child?.reason?.message, "its body failed");
});

test("a body that awaits its failing child reports the error once", async () => {
  const error = new Error("once");
  await collectingFailures(async (failures) => {
    const caught = await groupError(TaskGroup.run(async (group) => {
      await group.spawn(fails(error));
    }));
    assertEquals(caught.errors.length, 1);
    assertStrictEquals(caught.errors[0], error);
    await turn();
    assertEquals(failures, []);
  });
});

test("a child that awaits its failing sibling reports the error once", async () => {
  const error = new Error("once");
  const caught = await groupError(TaskGroup.run((group) => {
    const sibling = group.spawn(() => sleep(1).then(fails(error)));
    group.spawn(() => sibling);
  }));
  assertEquals(caught.errors.length, 1);
});

test("a failure that the body handles still fails the group and cancels the siblings", async () => {
  const error = new Error("handled in the body");
  let sibling: Task | undefined;
  const caught = await groupError(TaskGroup.run(async (group) => {
    sibling = group.spawn(forever);
    await group.spawn(fails(error)).catch(() => {});
    return "value";
  }));
  assertEquals(caught.errors, [error]);
  assertEquals(sibling?.status, "cancelled");
});

test("a failure of a child that was swept by its tracker still fails the group", async () => {
  const error = new Error("can't close");
  const tracker = new TaskTracker();
  const caught = await groupError(TaskGroup.run(async (group) => {
    tracker.add(group.spawn(failsInCleanup(error)));
    const { failed } = await tracker.cancelAll();
    assertEquals(failed, 1);
    return "value";
  }));
  assertEquals(caught.errors, [error]);
});

test("a group takes what is thrown as it is, be it an Error or not", async () => {
  for (const thrown of ["text", undefined, 7, Object.create(null)]) {
    const caught = await groupError(TaskGroup.run((group) => {
      group.spawn(fails(thrown));
    }));
    assertStrictEquals(caught.errors[0], thrown);
  }
});

test("a group names its first five errors in the message and has all of them", async () => {
  const caught = await groupError(TaskGroup.run((group) => {
    for (let i = 1; i <= 1000; i++) group.spawn(fails(`e${i}`));
  }, { name: "many" }));
  assertEquals(caught.errors.length, 1000);
  assertEquals(
    caught.message,
    '1000 errors in group "many": e1; e2; e3; e4; e5; and 995 more',
  );
});

test("errors beat cancellation when a child fails in its cleanup", async () => {
  const error = new Error("can't close");
  const task = createTask(() =>
    TaskGroup.run((group) => {
      group.spawn(failsInCleanup(error));
    })
  );
  task.cancel("outer");
  assertEquals((await groupError(task)).errors, [error]);
  assertEquals(task.status, "failed");
});

test("nested groups nest their AggregateErrors", async () => {
  const error = new Error("deep");
  const caught = await groupError(TaskGroup.run((outer) => {
    outer.spawn(() =>
      TaskGroup.run((inner) => {
        inner.spawn(fails(error));
      }, { name: "inner" })
    );
  }, { name: "outer" }));
  const [inner] = caught.errors;
  assertInstanceOf(inner, AggregateError);
  assertEquals(inner.errors, [error]);
  assertEquals(
    caught.message,
    '1 error in group "outer": AggregateError: 1 error in group "inner": Error: deep',
  );
});

test("a failure in an inner group leaves the outer one alone when it is caught", async () => {
  await withVirtualClock(async () => {
    const value = await TaskGroup.run(async (outer) => {
      const sibling = outer.spawn(() => sleep(10).then(() => "sibling"));
      await TaskGroup.run((inner) => {
        inner.spawn(fails(new Error("inner")));
      }).catch(() => {});
      return await sibling;
    });
    assertEquals(value, "sibling");
  });
});

test("a group reports its errors nowhere else", async () => {
  await collectingFailures(async (failures) => {
    const owner = createTask(async () => {
      await groupError(TaskGroup.run((group) => {
        group.spawn(fails(new Error("one")));
        group.spawn(failsInCleanup(new Error("two")));
      }));
    });
    await owner;
    await turn();
    assertEquals(failures, []);
  });
});

test("a group of 20,000 failing children collects them in time", async () => {
  const caught = await groupError(TaskGroup.run((group) => {
    for (let i = 0; i < 20_000; i++) group.spawn(fails(new Error(`${i}`)));
  }));
  assertEquals(caught.errors.length, 20_000);
});

test("a failure of a child that is added to a tracker afterwards is reported nowhere else", async () => {
  const error = new Error("no");
  await collectingFailures(async (failures) => {
    // eslint-disable-next-line mdc/require-tracker-disposal -- close() is what is tested
    const tracker = new TaskTracker();
    const caught = await groupError(TaskGroup.run(async (group) => {
      const child = group.spawn(fails(error));
      await turn();
      tracker.add(child);
    }));
    tracker.close();
    await turn();
    assertEquals([caught.errors, failures], [[error], []]);
  });
});
