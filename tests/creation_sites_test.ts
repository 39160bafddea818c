import { assert, assertEquals, assertFalse, assertMatch } from "@std/assert";
import { configure, createTask, moveOnAfter, sleep } from "../mod.ts";
import { diagnosticsOf } from "../src/core/diagnostics.ts";
import { ended, idle, turn } from "./_probes.ts";
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

test("the stack of a cancellation tells where its task waited, each level of its own task", async () => {
  await withSites(async () => {
    const errors: Error[] = [];
    const task = createTask(async function outer() {
      const child = createTask(async function inner() {
        await sleep(60_000).catch((error) => errors.push(error));
      });
      await child;
      await sleep(1).catch((error) => errors.push(error));
    });
    await turn();
    task.cancel("enough");
    await ended(task);
    const [inner = "", outer = ""] = errors.map(({ stack }) => stack);
    assertMatch(
      inner,
      /^AbortError: .*enough\n {2}asked for\n[^]*\n {2}last wait of task "inner": sleep\(\)\n +at .*inner/,
    );
    assertMatch(outer, /\n {2}last wait of task "outer": task "inner"\n +at /);
  });
});

test("the stack of a time limit's cancellation tells where its task waited", async () => {
  await withSites(async () => {
    await createTask(async function limited() {
      await moveOnAfter(1, async () => {
        const error = await sleep(60_000).catch((error) => error);
        assertMatch(
          error.stack,
          /^AbortError: timed out .*\n {2}last wait of task "limited": sleep\(\)\n/,
        );
      });
    });
  });
});

test("a place has no frame of the runtime and of the library", async () => {
  await withSites(async () => {
    const places: string[] = [];
    const task = createTask(async () => {
      const { error } = await new Promise<{ error: Error }>((resolve) => {
        setTimeout(() => {
          const timed = createTask(() => sleep(60_000));
          void timed.catch((error) => resolve({ error }));
          queueMicrotask(() => {
            timed.cancel();
          });
          places.push(diagnosticsOf(timed)!.place);
        }, 1);
      });
      places.push(error.stack!);
    });
    await task;
    assertEquals(places.length, 2);
    for (const place of places) {
      assert(place.includes("creation_sites_test.ts"), place);
      assertFalse(/ext:|node:|\/src\//.test(place), place);
    }
  });
});

test("the stack of a cancellation has no places without creation sites", async () => {
  const task = idle();
  task.cancel("enough");
  const error = await task.catch((error) => error) as Error;
  assertFalse(error.stack?.includes("\n") ?? false, error.stack);
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
