import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  cancelAndWait,
  CancelledError,
  configure,
  createTask,
  type Task,
  waitForOutcome,
  waitWithCancellation,
} from "../mod.ts";
import { test } from "./_harness.ts";
import { ended, idle, turn, withFailures } from "./_probes.ts";

const failure = new Error("disk full");
const fail = () => Promise.reject(failure);

test("a root task's failure is reported once, one macrotask later", async () => {
  await withFailures(async (seen) => {
    const task = createTask(fail, { name: "writer" });
    for (let i = 0; i < 50; i++) await null;
    assertEquals([task.status, seen.length], ["failed", 0]);
    await turn();
    assertEquals(seen, [{ name: "writer", id: task.id, error: failure }]);
    assertStrictEquals(seen[0]!.error, failure);
    await turn();
    await ended(task);
    await turn();
    assertEquals(seen.length, 1);
  });
});

test("a root task's failure isn't reported when somebody looks in time", async () => {
  await withFailures(async (seen) => {
    const looks: ((task: Task) => unknown)[] = [
      (task) => ended(task),
      (task) => task.catch(() => {}),
      (task) => Promise.allSettled([task]),
      (task) => waitForOutcome(task),
      (task) => cancelAndWait(task),
    ];
    for (const look of looks) await look(createTask(fail));
    const direct: ((task: Task) => unknown)[] = [
      (task) => task.outcome(),
      (task) => task.exception(),
    ];
    for (const look of direct) {
      const task = createTask(fail);
      while (!task.done) await null;
      look(task);
    }
    await turn();
    assertEquals(seen, []);
  });
});

test("a look at status or done is no look at the failure", async () => {
  await withFailures(async (seen) => {
    const task = createTask(fail);
    while (!task.done) await null;
    assertEquals([task.status, task.cancelled], ["failed", false]);
    await turn();
    assertEquals(seen.length, 1);
  });
});

test("a child's failure is reported when its owner ends, not before", async () => {
  await withFailures(async (seen) => {
    const gate = Promise.withResolvers<void>();
    const parent = createTask(async () => {
      void createTask(fail, { name: "child" });
      await gate.promise;
    });
    await turn();
    assertEquals(seen, []);
    gate.resolve();
    await parent;
    assertEquals(seen.map(({ name }) => name), ["child"]);
    await turn();
    assertEquals(seen.length, 1);
  });
});

test("a late await under a live owner is silent", async () => {
  await withFailures(async (seen) => {
    const parent = createTask(async ({ checkpoint }) => {
      const child = createTask(fail);
      await checkpoint();
      await checkpoint();
      assertEquals(child.status, "failed");
      return await child.catch((error) => error);
    });
    assertStrictEquals(await parent, failure);
    await turn();
    assertEquals(seen, []);
  });
});

test("an owner that fails or is cancelled reports too", async () => {
  await withFailures(async (seen) => {
    const body = async (rest: () => Promise<void>) => {
      void createTask(fail, { name: "child" });
      await turn();
      await rest();
    };
    await ended(createTask(() => body(() => Promise.reject(new Error("x")))));
    const cancelled = createTask(({ sleep }) => body(() => sleep(Infinity)));
    await turn();
    await turn();
    cancelled.cancel();
    await ended(cancelled);
    assertEquals(seen.map(({ name }) => name), ["child", "child"]);
  });
});

test("a child that outlived its owner is reported by the one who adopted it", async () => {
  await withFailures(async (seen) => {
    const gate = Promise.withResolvers<void>();
    const top = idle();
    const middle = createTask(() => {}, { parent: top });
    void createTask(() => gate.promise.then(fail), {
      name: "late",
      parent: middle,
    });
    await middle;
    gate.resolve();
    await turn();
    assertEquals(seen, []);
    top.cancel();
    await ended(top);
    assertEquals(seen.map(({ name }) => name), ["late"]);
  });
});

test("failures of one owner are reported in the order in which they came", async () => {
  await withFailures(async (seen) => {
    await createTask(async () => {
      for (const name of ["a", "b", "c"]) void createTask(fail, { name });
      await turn();
    });
    assertEquals(seen.map(({ name }) => name), ["a", "b", "c"]);
  });
});

test("an owner keeps 1,000 failures; the oldest goes out when one more comes", async () => {
  await withFailures(async (seen) => {
    const gate = Promise.withResolvers<void>();
    const tasks: Task[] = [];
    const parent = createTask(async () => {
      for (let i = 0; i < 1003; i++) {
        tasks.push(createTask(fail, { name: String(i) }));
      }
      await gate.promise;
    });
    await turn();
    assertEquals(seen.map(({ name }) => name), ["0", "1", "2"]);
    await ended(tasks[0]!);
    await ended(tasks[3]!);
    gate.resolve();
    await parent;
    assertEquals(seen.length, 1002);
    assertEquals(new Set(seen.map(({ id }) => id)).size, 1002);
    assert(!seen.some(({ name }) => name === "3"));
  });
});

test("a cancelled task is never reported", async () => {
  await withFailures(async (seen) => {
    idle().cancel();
    idle().cancel(new Error("foreign"));
    idle({ signal: AbortSignal.abort("text") });
    void createTask(() => Promise.reject(new CancelledError()));
    const parent = idle();
    idle({ parent });
    parent.cancel();
    await ended(parent);
    await turn();
    assertEquals(seen, []);
  });
});

test("a failure in the cleanup of a cancelled task is reported", async () => {
  await withFailures(async (seen) => {
    const task = createTask(async ({ sleep }) => {
      try {
        await sleep(Infinity);
      } finally {
        await fail();
      }
    });
    task.cancel();
    await turn();
    assertEquals(seen.map(({ id }) => id), [task.id]);
  });
});

test("waitWithCancellation() doesn't take the failure away from the owner", async () => {
  await withFailures(async (seen) => {
    assertEquals(await waitWithCancellation(createTask(fail)), false);
    await turn();
    assertEquals(seen.length, 1);
  });
});

test("a failure after the completion event is still reported", async () => {
  await withFailures(async (seen) => {
    const gate = Promise.withResolvers<void>();
    const task = createTask(() => gate.promise.then(fail));
    const completionEvent = AbortSignal.abort();
    const { status } = await waitForOutcome(task, { completionEvent });
    assertEquals(status, "signalled");
    gate.resolve();
    await turn();
    assertEquals(seen.map(({ id }) => id), [task.id]);
  });
});

test("the default hook writes name, error and place to the console", async () => {
  const console = globalThis.console as { error: unknown };
  const written: unknown[][] = [];
  const before = console.error;
  const sites = configure({ creationSites: true });
  console.error = (...values: unknown[]) => written.push(values);
  try {
    void createTask(fail, { name: "writer" });
    await turn();
  } finally {
    console.error = before;
    configure(sites);
  }
  assertEquals(written.length, 1);
  const [text, error, place] = written[0]!;
  assert(String(text).includes('"writer"'));
  assertStrictEquals(error, failure);
  assert(String(place).includes("failures_test.ts"));
});

test("a hook that throws breaks no task and loses no failure", async () => {
  const console = globalThis.console as { error: unknown };
  const written: unknown[] = [];
  const before = console.error;
  const broken = new Error("broken hook");
  const settings = configure({
    onUnobservedFailure: () => {
      throw broken;
    },
  });
  console.error = (...values: unknown[]) => written.push(...values);
  try {
    const parent = createTask(async () => {
      void createTask(fail, { name: "a" });
      void createTask(fail, { name: "b" });
      await turn();
      return 1;
    });
    assertEquals(await parent, 1);
    assertEquals(parent.status, "completed");
  } finally {
    console.error = before;
    configure(settings);
  }
  assertEquals(written.filter((value) => value === failure).length, 2);
  assertEquals(written.filter((value) => value === broken).length, 2);
});

test("the hook that is set when the report is due gets it", async () => {
  await withFailures(async (first) => {
    void createTask(fail);
    await withFailures(async (second) => {
      await turn();
      assertEquals([first.length, second.length], [0, 1]);
    });
  });
});
