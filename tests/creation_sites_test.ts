import { assert, assertEquals, assertFalse } from "@std/assert";
import { configure, createTask, moveOnAfter, sleep } from "../mod.ts";
import { diagnosticsOf } from "../src/core/diagnostics.ts";
import { ended, idle } from "./_probes.ts";
import { test } from "./_harness.ts";

async function withSites(body: () => Promise<void>): Promise<void> {
  const before = configure({ creationSites: true });
  try {
    await body();
  } finally {
    configure(before);
  }
}

test("reason.place and the error's stack tell where a cancellation was asked for", async () => {
  await withSites(async () => {
    const child = { reason: undefined as unknown };
    const task = createTask(async () => {
      await createTask(({ sleep }) => sleep(60_000)).catch((error) => {
        child.reason = error;
        throw error;
      });
    });
    function pressStop(): void {
      task.cancel("user pressed stop");
    }
    pressStop();
    await ended(task);
    assert(task.reason?.place?.includes("pressStop"));
    const { stack = "" } = child.reason as Error;
    assert(stack.includes("user pressed stop") && stack.includes("pressStop"));
  });
});

test("reason.place of a scope is where its cancel() was called", async () => {
  await withSites(async () => {
    await moveOnAfter(60_000, async (scope) => {
      (function giveUp() {
        scope.cancel();
      })();
      await sleep(1).catch(() => {});
      assert(scope.reason?.place?.includes("giveUp"));
    });
  });
});

test("reason.place is unknown without creation sites", async () => {
  const task = idle();
  task.cancel("enough");
  await ended(task);
  assertFalse("place" in task.reason!);
});

test("a task knows where, since when and for which task it waits", async () => {
  await withSites(async () => {
    const other = idle({ name: "other" });
    const task = createTask(async function waiting() {
      await other;
    });
    await sleep(1);
    const { checkpoint } = diagnosticsOf(task)!;
    assertEquals(checkpoint?.what, 'task "other"');
    assertEquals(checkpoint?.on as unknown, other);
    other.cancel();
    await Promise.all([ended(task), ended(other)]);
  });
});
