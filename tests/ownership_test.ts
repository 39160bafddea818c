import { assert, assertEquals, assertFalse, assertRejects } from "@std/assert";
import {
  AsyncEvent,
  CancelledError,
  CancelScope,
  configure,
  createTask,
  currentTask,
  failAfter,
  isCancellation,
  rethrowCancellation,
  shield,
  sleep,
  type Task,
  TaskGroup,
  waitForOutcome,
} from "../mod.ts";
import { ended, idle } from "./_probes.ts";
import { test } from "./_harness.ts";

/** The idiom of the documentation: everything but a cancellation is handled. */
async function poll(): Promise<never> {
  for (let rounds = 0;; rounds++) {
    try {
      await sleep(20);
    } catch (error) {
      rethrowCancellation(error);
      if (rounds > 100) throw new Error("its cancellation was swallowed");
    }
  }
}

class Gone extends Error {}

type Way = (body: () => Promise<unknown>) => Promise<unknown>;

/** Every way to cancel `task`, at once. */
const ways: Record<string, Way> = {
  "a text": (body) => cancelled(body, (task) => task.cancel("text")),
  "an Error": (body) =>
    cancelled(body, (task) => task.cancel(new Error("db gone"))),
  "a subclass": (body) =>
    cancelled(body, (task) => task.cancel(new Gone("gone"))),
  "controller.abort(new Error())": (body) =>
    aborted(body, new Error("client gone")),
  "controller.abort()": (body) => aborted(body, undefined),
  'controller.abort("text")': (body) => aborted(body, "text"),
  "controller.abort(an object)": (body) => aborted(body, { code: 7 }),
  "AbortSignal.timeout()": (body) =>
    ended(createTask(body, { signal: AbortSignal.timeout(1) })),
  "failAfter()": (body) => failAfter(1, body).catch(() => {}),
  "a scope": (body) => {
    const scope = new CancelScope();
    const work = scope.run(body);
    scope.cancel(new Gone("gone"));
    return work;
  },
  "a group": (body) =>
    TaskGroup.run(async (group) => {
      group.spawn(body);
      await sleep(1);
      group.cancel(new Gone("gone"));
    }),
  "a parent three levels up": (body) =>
    cancelled(
      async () => {
        await createTask(async () => {
          await createTask(async () => await createTask(body));
        });
      },
      (task) => task.cancel(new Gone("gone")),
    ),
};

async function cancelled(
  body: () => Promise<unknown>,
  cancel: (task: Task) => void,
): Promise<void> {
  const task = createTask(body);
  await sleep(1);
  cancel(task as Task);
  await ended(task);
  assertEquals(task.status, "cancelled");
}

async function aborted(
  body: () => Promise<unknown>,
  reason: unknown,
): Promise<void> {
  const controller = new AbortController();
  const task = createTask(body, { signal: controller.signal });
  await sleep(1);
  controller.abort(reason);
  await ended(task);
  assertEquals(task.status, "cancelled");
}

for (const [way, carryOut] of Object.entries(ways)) {
  test(`rethrowCancellation() ends a loop that was cancelled by ${way}`, async () => {
    let swallowed = false;
    await carryOut(async () => {
      try {
        await poll();
      } catch (error) {
        swallowed = (error as Error).message.includes("swallowed");
        throw error;
      }
    });
    assertFalse(swallowed);
  });
}

test("a child that awaits what somebody else cancelled fails its group", async () => {
  let saved = false;
  const error = await assertRejects(() =>
    TaskGroup.run((group) => {
      const a = group.spawn(() => sleep(60_000), { name: "a" });
      group.spawn(async () => {
        await a;
        saved = true;
      }, { name: "b" });
      a.cancel("only a");
    }), AggregateError);
  assertFalse(saved);
  const [first] = error.errors;
  assert(first instanceof CancelledError);
  assertEquals(first.reason.message, "only a");
});

test("isCancellation() is false for the cancellation of a child", async () => {
  const task = createTask(async () => {
    const child = idle();
    child.cancel("not needed");
    return await child.catch((error) => isCancellation(error));
  });
  assertEquals(await task, false);
});

test("isCancellation() asks about the sources that it is given", async () => {
  const child = idle();
  child.cancel("not needed");
  const error = await child.catch((error) => error);
  await createTask(() => {
    assertFalse(isCancellation(error));
    assert(isCancellation(error, child));
    assert(isCancellation(error, [new AbortController(), child]));
    assertFalse(isCancellation(error, new AbortController()));
    assert(isCancellation("text", AbortSignal.abort("text")));
  });
});

test("isCancellation() is false for the expired signal of one call only", async () => {
  await createTask(async () => {
    const signal = AbortSignal.timeout(1);
    const error = await sleep(60_000, { signal }).catch((error) => error);
    assertFalse(isCancellation(error));
    assert(isCancellation(error, signal));
  });
});

test("isCancellation() is true for a CancelledError that the code made", async () => {
  await createTask(() => {
    assert(isCancellation(new CancelledError("gave up")));
  });
});

test("isCancellation() takes an abort error in a shield for a failure of that call", async () => {
  const seen: boolean[] = [];
  const task = createTask(async ({ sleep }) => {
    try {
      await sleep(60_000);
    } finally {
      await shield(() => {
        seen.push(isCancellation(new DOMException("x", "AbortError")));
      });
      seen.push(isCancellation(new DOMException("x", "AbortError")));
    }
  });
  task.cancel();
  await ended(task);
  assertEquals(seen, [false, true]);
});

test("isCancellation() goes by the name outside of tasks", () => {
  assert(isCancellation(new DOMException("x", "AbortError")));
  assert(isCancellation(new CancelledError()));
  assertFalse(isCancellation(new Error("disk full")));
});

test("context.isCancellation() and rethrowCancellation() know whose it is", async () => {
  const task = createTask(async (context) => {
    const child = idle();
    child.cancel();
    const other = await child.catch((error) => error);
    context.rethrowCancellation(other);
    const before = context.isCancellation(other);
    const own = await context.sleep(60_000).catch((error) => error);
    return [before, context.isCancellation(own)];
  });
  setTimeout(() => task.cancel("enough"), 1);
  assertEquals(await task, [false, true]);
});

test("a loop that swallows its cancellation lets timers have their turn", async () => {
  let stop = false;
  const task = createTask(async ({ sleep }) => {
    while (!stop) await sleep(1000).catch(() => {});
  });
  task.cancel("enough");
  await new Promise<void>((resolve) =>
    setTimeout(() => resolve(void (stop = true)), 5)
  );
  await ended(task);
  assertEquals(task.status, "completed");
  assert(task.cancelRequested);
});

test("a cancellation that leaves a scope of the task cancels the task", async () => {
  const task = createTask(() =>
    failAfter(1000, (scope) => {
      scope.cancel("changed my mind");
      return scope.sleep(60_000);
    })
  );
  await ended(task);
  assertEquals(task.status, "cancelled");
  assertEquals(task.reason?.message, "changed my mind");
});

test("task.finally() of the current task runs at its end", async () => {
  const log: string[] = [];
  const task = createTask(async () => {
    void currentTask()!.finally(() => log.push(`finally: ${task.status}`));
    void currentTask()!.then(() => log.push("then"), () => {});
    await sleep(1);
    log.push("body");
  });
  await task;
  await sleep(1);
  assertEquals(log, ["body", "finally: completed", "then"]);
});

test("task that awaits itself is refused", async () => {
  const task: Task<void> = createTask(async () => {
    await sleep(1);
    await task;
  });
  await assertRejects(() => task, Error, "wait for itself");
});

test("task.finally() is no look at a failure", async () => {
  const told: unknown[] = [];
  const reported = new AsyncEvent();
  const before = configure({
    onUnobservedFailure: ({ error }) => {
      told.push(error);
      reported.set();
    },
  });
  try {
    const error = new Error("disk full");
    const task = createTask(() => Promise.reject(error));
    task.finally(() => {}).catch(() => {});
    await waitForOutcome(idleUntil(reported));
    assertEquals(told, [error]);
  } finally {
    configure(before);
  }
});

function idleUntil(event: AsyncEvent): Task<void> {
  return createTask(() => event.wait());
}
