import { assert, assertEquals, assertRejects } from "@std/assert";
import { createTask, type Task } from "@mdc/tasks";
import { retry, type RetryOptions } from "@mdc/tasks/flow";
import { type VirtualClock, withVirtualClock } from "@mdc/tasks/testing";
import { test } from "./_harness.ts";

/** A task that retries for ever; how often its body was called. */
function patient(options?: RetryOptions): { task: Task; calls: () => number } {
  let calls = 0;
  const task = createTask(() =>
    retry(() => {
      calls++;
      throw new Error("no");
    }, { attempts: Infinity, delay: 1000, ...options })
  );
  return { task, calls: () => calls };
}

test("retry() is cancelled in its delay, and leaves no timer", async () => {
  await withVirtualClock(async (clock: VirtualClock) => {
    const { task, calls } = patient();
    await clock.idle();
    task.cancel("enough");
    await assertRejects(() => task, Error, "enough");
    assertEquals(task.status, "cancelled");
    assertEquals(calls(), 1);
    assertEquals(clock.timers, 0);
  }, { autoAdvance: false });
});

test("retry() doesn't try a cancelled attempt again, whatever retryIf says", async () => {
  let calls = 0;
  const task = createTask(() =>
    retry(({ sleep }) => {
      calls++;
      return sleep(60_000);
    }, { retryIf: () => true, delay: 0 })
  );
  task.cancel();
  await assertRejects(() => task);
  assertEquals([task.status, calls], ["cancelled", 1]);
});

test("retry() throws the error of a cleanup rather than the cancellation", async () => {
  const task = createTask(() =>
    retry(async ({ sleep }) => {
      await sleep(60_000).catch(() => {});
      throw new Error("in cleanup");
    }, { delay: 0 })
  );
  task.cancel();
  await assertRejects(() => task, Error, "in cleanup");
});

test("retry() doesn't try again what was aborted by somebody else", async () => {
  let calls = 0;
  const body = () => {
    calls++;
    throw new DOMException("by hand", "AbortError");
  };
  await assertRejects(() => retry(body, { delay: 0 }), Error, "by hand");
  assertEquals(calls, 1);
});

test("retry() rejects at the door of a signal that is aborted", async () => {
  let calls = 0;
  const signal = AbortSignal.abort(new Error("before"));
  await assertRejects(
    () =>
      retry(({ checkpoint }) => {
        calls++;
        return checkpoint();
      }, { signal, delay: 0 }),
    Error,
    "before",
  );
  assertEquals(calls, 1);
});

test("retry() that nobody awaits is no unhandled rejection when cancelled", async () => {
  const task = createTask(async ({ sleep }) => {
    const forgotten = retry(({ sleep }) => sleep(60_000));
    await sleep(60_000);
    await forgotten;
  });
  task.cancel();
  await assertRejects(() => task);
  assert(task.cancelled);
});
