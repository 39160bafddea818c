import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { sleep, TaskGroup } from "@mdc/tasks";
import { resource } from "@mdc/tasks/flow";
import { untilIdle, withVirtualClock } from "@mdc/tasks/testing";
import { test } from "./_harness.ts";

test("resource() is closed after the children of its group, the last made first", async () => {
  const log: string[] = [];
  const value = await TaskGroup.run(async (group) => {
    const make = (name: string) =>
      resource(() => name, (name) => void log.push(`closed ${name}`), {
        group,
      });
    const a = await make("a");
    const b = await make("b");
    group.spawn(async () => {
      await untilIdle();
      log.push("child ends");
    });
    return a + b;
  });
  assertEquals(value, "ab");
  assertEquals(log, ["child ends", "closed b", "closed a"]);
});

test("resource() is closed in a shield when its group is cancelled", async () => {
  await withVirtualClock(async () => {
    const log: string[] = [];
    await TaskGroup.run(async (group) => {
      await resource(() => 1, async () => {
        await sleep(100);
        log.push("closed");
      }, { group, grace: 200 });
      group.cancel();
    });
    assertEquals(log, ["closed"]);
  });
});

test("resource() passes on what create throws, and its group goes on", async () => {
  const value = await TaskGroup.run(async (group) => {
    const failing = resource(
      () => {
        throw new Error("no port");
      },
      () => {},
      { group },
    );
    await assertRejects(() => failing, Error, "no port");
    return "went on";
  });
  assertEquals(value, "went on");
});

test("resource() refuses wrong arguments at the door", async () => {
  await TaskGroup.run((group) => {
    const none = () => {};
    const wrong: [unknown, unknown, unknown, string][] = [
      [1, none, { group }, "create: expected a function, received 1"],
      [none, 1, { group }, "destroy: expected a function, received 1"],
      [
        none,
        none,
        {},
        "the group of resource(): expected a TaskGroup, received undefined",
      ],
      [
        none,
        none,
        { group, grace: NaN },
        "grace: expected 0 or more milliseconds, received NaN",
      ],
      [none, none, { group, owner: 1 }, 'unknown option "owner"'],
    ];
    for (const [create, destroy, options, message] of wrong) {
      assertThrows(
        () =>
          void resource(
            create as () => void,
            destroy as () => void,
            options as { group: TaskGroup },
          ),
        Error,
        message,
      );
    }
  });
});
