import { assertEquals } from "@std/assert";
import { allTasks, cleanupLingeringTasks, createTask, sleep } from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { deafSleep, slowCleanup } from "./_bodies.ts";
import { test } from "./_harness.ts";
import { forever, names } from "./_bodies.ts";

// Who comes meanwhile

test("cleanupLingeringTasks() sweeps what the cleanup of others starts, detached or not", async () => {
  await withVirtualClock(async () => {
    void createTask(async () => {
      try {
        await sleep(Infinity);
      } finally {
        void createTask(slowCleanup(50), { name: "child of cleanup" });
        void createTask(forever, {
          name: "detached in cleanup",
          detached: true,
        });
        await deafSleep(20);
        void createTask(forever, { name: "last", detached: true });
      }
    }, { name: "parent" });
    const report = await cleanupLingeringTasks();
    assertEquals(names(report.cancelled).sort(), [
      "child of cleanup",
      "detached in cleanup",
      "last",
      "parent",
    ]);
    assertEquals(allTasks(), []);
  });
});

test("cleanupLingeringTasks() comes to an end though a task respawns itself at once for ever", async () => {
  let over = false;
  let rounds = 0;
  const respawn = async (): Promise<void> => {
    rounds++;
    try {
      await sleep(Infinity);
    } finally {
      if (!over) {
        void createTask(respawn, { detached: true, name: `r${rounds}` });
      }
    }
  };
  void createTask(respawn, { name: "r0" });
  const { stuck } = await cleanupLingeringTasks({ timeout: 5 });
  over = true;
  assertEquals(stuck.length, 1);
  await cleanupLingeringTasks();
  assertEquals(allTasks(), []);
});

test("cleanupLingeringTasks() ends 10,000 tasks at once", async () => {
  for (let i = 0; i < 10_000; i++) void createTask(forever);
  const report = await cleanupLingeringTasks({ timeout: 60_000 });
  assertEquals(report.cancelled.length, 10_000);
  assertEquals(allTasks(), []);
});
