import { assertEquals, assertRejects } from "@std/assert";
import {
  abortable,
  AsyncEvent,
  CancelScope,
  checkpoint,
  createTask,
  failAfter,
  moveOnAfter,
  shield,
  sleep,
  TaskTracker,
  TimeoutError,
  waitForOutcome,
  waitWithCancellation,
} from "../mod.ts";
import { ended, idle } from "./_probes.ts";
import { test } from "./_harness.ts";

// An unhandled rejection fails the test in which it happens.

const never = new Promise<never>(() => {});

/** Each begins a wait that nobody awaits yet. */
const waits: Record<string, () => Promise<unknown>> = {
  "sleep()": () => sleep(60_000),
  "sleep(Infinity)": () => sleep(Infinity),
  "checkpoint()": () => checkpoint(),
  "abortable()": () => abortable(never),
  "event.wait()": () => new AsyncEvent().wait(),
  "waitForOutcome()": () => waitForOutcome(lasting()),
  "waitWithCancellation()": () => waitWithCancellation(lasting()),
  "tracker.drain()": () => {
    const tracker = new TaskTracker();
    tracker.add(lasting());
    return tracker.drain();
  },
  "scope.run()": () => new CancelScope().run(() => sleep(60_000)),
  "failAfter()": () => failAfter(60_000, () => sleep(60_000)),
  "moveOnAfter()": () => moveOnAfter(60_000, () => sleep(60_000)),
  "shield()": () => shield(() => sleep(60_000), { grace: 0 }),
};

/** A pause that no cancellation cuts. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function lasting() {
  return createTask(({ sleep }) => sleep(5), { detached: true });
}

for (const [name, begin] of Object.entries(waits)) {
  test(`${name} that nobody awaits yet crashes nothing when its task is cancelled`, async () => {
    let wait: Promise<unknown> | undefined;
    const task = createTask(async () => {
      wait = begin();
      // Work that doesn't look at its cancellation.
      await pause(3);
      await wait;
    });
    task.cancel("enough");
    await ended(task);
    assertEquals(task.status, "cancelled");
    await assertRejects(() => wait!);
    await pause(8);
  });

  test(`${name} that is begun under a cancelled task crashes nothing`, async () => {
    const task = createTask(async () => {
      await pause(1);
      void begin();
    });
    task.cancel("enough");
    await ended(task);
    await pause(8);
    assertEquals(task.status, "completed");
  });
}

test("a pause that is begun before the work crashes nothing under a limit", async () => {
  const worker = async () => {
    const limit = sleep(1000);
    await pause(5);
    await limit;
  };
  assertEquals(await moveOnAfter(1, worker, { fallback: "over" }), "over");
});

test("what task.then(), catch() and finally() return crashes nothing when the task is cancelled", async () => {
  const task = idle();
  void task.then(() => {});
  void task.finally(() => {});
  void task.finally(async () => await sleep(1));
  void task.catch((error) => {
    throw error;
  });
  void task.then(undefined, async (error) => {
    await sleep(1);
    throw error;
  });
  task.cancel();
  await ended(task);
  void task.then(() => {});
  void task.finally(() => {});
  await sleep(5);
});

test("failAfter() that nobody awaits leaves its TimeoutError to the platform", async () => {
  const limit = failAfter(1, () => sleep(60_000));
  await assertRejects(() => limit, TimeoutError);
});
