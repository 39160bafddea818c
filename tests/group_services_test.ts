import { assertEquals, assertRejects } from "@std/assert";
import {
  CancelledError,
  createTask,
  sleep,
  type Task,
  TaskGroup,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import {
  deafSleep,
  fails,
  failsInCleanup,
  forever,
  slowCleanup,
} from "./_bodies.ts";
import { test } from "./_harness.ts";
import { groupError } from "./_probes.ts";

test("services end after body and ordinary children, the last one first", async () => {
  await withVirtualClock(async (clock) => {
    const log: string[] = [];
    const service = (name: string, cleanup: number) => async () => {
      try {
        await forever();
      } finally {
        log.push(`${name} is asked at ${clock.now}`);
        await deafSleep(cleanup);
      }
    };
    const value = await TaskGroup.run(async (group) => {
      group.spawn(service("database", 5), { service: true });
      group.spawn(service("cache", 7), { service: true });
      group.spawn(service("server", 3), { service: true });
      group.spawn(() => sleep(50));
      await sleep(20);
      return "value";
    });
    assertEquals(value, "value");
    assertEquals(log, [
      "server is asked at 50",
      "cache is asked at 53",
      "database is asked at 60",
    ]);
    assertEquals(clock.now, 65);
  });
});

test("a service is told that its group has ended", async () => {
  let service: Task | undefined;
  await TaskGroup.run((group) => {
    service = group.spawn(forever, { service: true });
  });
  assertEquals(service?.status, "cancelled");
  assertEquals(service?.reason?.kind, "group");
  assertEquals(service?.reason?.message, "its group has ended");
});

test("services end after the ordinary children under outer cancellation too", async () => {
  await withVirtualClock(async (clock) => {
    const log: string[] = [];
    const task = createTask(() =>
      TaskGroup.run(async (group) => {
        for (const name of ["database", "server"]) {
          group.spawn(async () => {
            await forever().finally(() => log.push(`${name} at ${clock.now}`));
          }, { service: true });
        }
        group.spawn(slowCleanup(20));
        await forever();
      })
    );
    await sleep(5);
    task.cancel("outer");
    await assertRejects(() => task, CancelledError, "outer");
    assertEquals(log, ["server at 25", "database at 25"]);
  });
});

test("services see the reason of the outer cancellation", async () => {
  let service: Task | undefined;
  const task = createTask(() =>
    TaskGroup.run((group) => {
      service = group.spawn(forever, { service: true });
      return forever();
    })
  );
  task.cancel("maintenance");
  await assertRejects(() => task);
  assertEquals(service?.reason?.message, "maintenance");
});

test("group.cancel() reaches the services last", async () => {
  await withVirtualClock(async (clock) => {
    let asked = 0;
    await TaskGroup.run((group) => {
      group.spawn(async () => {
        await forever().finally(() => asked = clock.now);
      }, { service: true });
      group.spawn(slowCleanup(20));
      group.cancel();
    });
    assertEquals(asked, 20);
  });
});

test("a service that fails fails the group and cancels the others", async () => {
  const error = new Error("connection lost");
  let child: Task | undefined;
  const caught = await groupError(TaskGroup.run(async (group) => {
    child = group.spawn(forever);
    group.spawn(() => sleep(1).then(fails(error)), { service: true });
    await forever();
  }));
  assertEquals(caught.errors, [error]);
  assertEquals(child?.status, "cancelled");
});

test("a service that fails in its cleanup fails the group, after all services have ended", async () => {
  const error = new Error("can't close");
  let first: Task | undefined;
  const caught = await groupError(TaskGroup.run((group) => {
    first = group.spawn(slowCleanup(1), { service: true });
    group.spawn(failsInCleanup(error), { service: true });
  }));
  assertEquals(caught.errors, [error]);
  assertEquals(first?.status, "cancelled");
});

test("a service that ends by itself keeps nobody waiting", async () => {
  await withVirtualClock(async (clock) => {
    await TaskGroup.run((group) => {
      group.spawn(() => sleep(5), { service: true });
      group.spawn(() => sleep(20));
    });
    assertEquals(clock.now, 20);
  });
});

test("a service is cancelled at once by its own handle", async () => {
  await TaskGroup.run(async (group) => {
    const service = group.spawn(forever, { service: true });
    service.cancel("restart");
    await assertRejects(() => service, CancelledError, "restart");
    assertEquals(group.size, 0);
  });
});

test("a child that a service spawns in its cleanup ends before the next service is asked", async () => {
  await withVirtualClock(async (clock) => {
    const log: string[] = [];
    await TaskGroup.run((group) => {
      group.spawn(async () => {
        await forever().finally(() => log.push(`database at ${clock.now}`));
      }, { service: true });
      group.spawn(async () => {
        try {
          await forever();
        } finally {
          group.spawn(() => deafSleep(30));
        }
      }, { service: true });
    });
    assertEquals(log, ["database at 30"]);
  });
});

test("a service that was started with group.start() ends in reverse order too", async () => {
  const log: string[] = [];
  await TaskGroup.run(async (group) => {
    for (const name of ["first", "second", "third"]) {
      await group.start<void>(async (_, started) => {
        started();
        await forever().finally(() => log.push(name));
      }, { service: true });
    }
  });
  assertEquals(log, ["third", "second", "first"]);
});
