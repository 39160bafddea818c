import { assertEquals } from "@std/assert";
import {
  createTask,
  findError,
  sleep,
  StuckError,
  type Task,
  TaskGroup,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { deafSleep, forever, stubborn } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { groupError } from "./_probes.ts";
import { names } from "./_bodies.ts";

test("a group with a grace ends its services when the time of the children is over", async () => {
  await withVirtualClock(async (clock) => {
    const asked: number[] = [];
    const service = async () => {
      await forever().finally(() => asked.push(clock.now));
    };
    const caught = await groupError(TaskGroup.run((group) => {
      group.spawn(service, { service: true });
      group.spawn(service, { service: "after" });
      group.spawn(stubborn(500), { name: "job" });
      group.cancel();
    }, { grace: 100 }));
    assertEquals(asked, [100, 100]);
    assertEquals(names(findError(caught, StuckError)!.tasks), ["job"]);
    await clock.advance(1000);
  });
});

test("a group with a grace gives services as long again, in order, and names who is stuck", async () => {
  await withVirtualClock(async (clock) => {
    const log: string[] = [];
    const caught = await groupError(TaskGroup.run((group) => {
      group.spawn(async () => {
        await forever().finally(() => log.push(`first at ${clock.now}`));
      }, { name: "first", service: true });
      group.spawn(async () => {
        await forever().finally(() => deafSleep(500));
      }, { name: "second", service: true });
    }, { grace: 100 }));
    assertEquals(clock.now, 100);
    const { tasks } = findError(caught, StuckError)!;
    assertEquals(names(tasks), ["first", "second"]);
    assertEquals(log, ["first at 100"]);
    await clock.advance(1000);
  });
});

test("a service that ends with the request to cancel doesn't wait for a job that ignores it", async () => {
  await withVirtualClock(async (clock) => {
    let renewed = 0;
    const task = createTask(() =>
      TaskGroup.run((group) => {
        group.spawn(async () => {
          for (;;) {
            await sleep(10);
            renewed = clock.now;
          }
        }, { name: "lease", service: "cancel" });
        group.spawn(stubborn(500), { name: "job" });
      })
    );
    await sleep(35);
    task.cancel("maintenance");
    assertEquals(await task, undefined);
    assertEquals([clock.now, renewed], [500, 30]);
  });
});

test("a service that ends with the request to cancel ends after the others without one", async () => {
  await withVirtualClock(async (clock) => {
    let lease: Task | undefined;
    await TaskGroup.run((group) => {
      lease = group.spawn(forever, { service: "cancel" });
      group.spawn(() => sleep(50));
    });
    assertEquals([clock.now, lease?.status], [50, "cancelled"]);
    assertEquals(lease?.reason?.message, "its group has ended");
  });
});
