import {
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  CancelledError,
  createTask,
  Progress,
  type ProgressSnapshot,
  sleep,
} from "../mod.ts";
import { turns } from "./_bodies.ts";
import { test } from "./_harness.ts";

// Observers

test("Progress.subscribe() calls observers synchronously in their order", () => {
  const progress = new Progress({ total: 2 });
  const seen: string[] = [];
  progress.subscribe(({ completed }) => seen.push(`first ${completed}`));
  progress.subscribe(({ completed }) => seen.push(`second ${completed}`));
  progress.advance();
  assertEquals(seen, ["first 1", "second 1"]);
});

test("Progress.subscribe() gives a snapshot that later changes leave alone", () => {
  const progress = new Progress({ total: 2 });
  const seen: ProgressSnapshot[] = [];
  progress.subscribe((snapshot) => seen.push(snapshot));
  progress.advance();
  progress.advance();
  progress.finish();
  assertEquals(
    seen.map(({ status, completed }) => [status, completed]),
    [["running", 1], ["running", 2], ["completed", 2]],
  );
});

test("Progress.subscribe() doesn't call the observer before a change", () => {
  const progress = new Progress({ completed: 1 });
  let calls = 0;
  progress.subscribe(() => calls++);
  assertEquals(calls, 0);
});

test("Progress.subscribe() calls nobody when a change is refused", () => {
  const progress = new Progress({ total: 1 });
  let calls = 0;
  progress.subscribe(() => calls++);
  assertThrows(() => progress.advance(2), RangeError);
  assertEquals(calls, 0);
});

test("Progress.subscribe() returns what unsubscribes, again and again", () => {
  const progress = new Progress();
  let calls = 0;
  const unsubscribe = progress.subscribe(() => calls++);
  progress.advance();
  unsubscribe();
  unsubscribe();
  progress.advance();
  assertEquals(calls, 1);
});

test("Progress.subscribe() counts the same function twice when it is given twice", () => {
  const progress = new Progress();
  let calls = 0;
  const observer = () => calls++;
  const unsubscribe = progress.subscribe(observer);
  progress.subscribe(observer);
  unsubscribe();
  progress.advance();
  assertEquals(calls, 1);
});

test("Progress.subscribe() doesn't call an observer that an earlier one has unsubscribed", () => {
  const progress = new Progress();
  const seen: string[] = [];
  progress.subscribe(() => {
    seen.push("first");
    unsubscribe();
  });
  const unsubscribe = progress.subscribe(() => seen.push("second"));
  progress.advance();
  assertEquals(seen, ["first"]);
});

test("Progress.subscribe() calls an observer that was added meanwhile from the next change on", () => {
  const progress = new Progress();
  const seen: number[] = [];
  const unsubscribe = progress.subscribe(() => {
    unsubscribe();
    progress.subscribe(({ completed }) => seen.push(completed));
  });
  progress.advance();
  progress.advance();
  assertEquals(seen, [2]);
});

test("Progress.subscribe() shows nobody a figure that goes back when an observer makes changes", () => {
  const progress = new Progress({ total: 3 });
  const seen: string[] = [];
  progress.subscribe(({ completed, status }) => {
    if (completed < 3) progress.advance();
    else if (status === "running") progress.finish();
  });
  progress.subscribe(({ completed, status }) =>
    seen.push(`${completed} ${status}`)
  );
  progress.advance();
  assertEquals(seen.at(-1), "3 completed");
  assertEquals(seen, seen.toSorted());
});

test("Progress.subscribe() keeps the worker and the other observers unharmed when an observer throws", () => {
  const bug = new Error("observer's bug");
  const thrown: unknown[] = [];
  const host = globalThis as { queueMicrotask: (job: () => void) => void };
  const before = host.queueMicrotask;
  host.queueMicrotask = (job) => {
    try {
      job();
    } catch (error) {
      thrown.push(error);
    }
  };
  const progress = new Progress();
  let calls = 0;
  try {
    progress.subscribe(() => {
      throw bug;
    });
    progress.subscribe(() => calls++);
    progress.advance();
    progress.advance();
  } finally {
    host.queueMicrotask = before;
  }
  assertEquals([progress.completed, calls], [2, 2]);
  assertEquals(thrown.length, 2);
  assertStrictEquals(thrown[0], bug);
});

for (const wrong of [undefined, null, "observer", {}]) {
  test(`Progress.subscribe() throws a TypeError when given ${JSON.stringify(wrong)}`, () => {
    assertThrows(
      () => new Progress().subscribe(wrong as unknown as () => void),
      TypeError,
      "received",
    );
  });
}

// Iteration

test("Progress iterates from the present state to the final one", async () => {
  const progress = new Progress({ total: 2 });
  const work = createTask(async ({ sleep }) => {
    await sleep(0);
    progress.advance();
    await sleep(0);
    progress.advance();
    await sleep(0);
    progress.finish();
  });
  const seen: string[] = [];
  for await (const { completed, status } of progress) {
    seen.push(`${completed} ${status}`);
  }
  assertEquals(seen, ["0 running", "1 running", "2 running", "2 completed"]);
  await work;
});

test("Progress iterates without the states that a slow consumer missed", async () => {
  const progress = new Progress();
  const seen: number[] = [];
  for await (const { completed, status } of progress) {
    seen.push(completed);
    if (status !== "running") break;
    progress.advance();
    progress.advance();
    if (completed >= 4) progress.finish();
  }
  assertEquals(seen, [0, 2, 4, 6]);
});

test("Progress iteration gives the final state when the end comes while the consumer works", async () => {
  const progress = new Progress();
  const seen: string[] = [];
  for await (const { status } of progress) {
    seen.push(status);
    if (status === "running") progress.finish("failed");
  }
  assertEquals(seen, ["running", "failed"]);
});

test("Progress iteration gives the final state alone when all is over", async () => {
  const progress = new Progress();
  progress.finish();
  const seen: string[] = [];
  for await (const { status } of progress) seen.push(status);
  assertEquals(seen, ["completed"]);
});

test("Progress serves several iterations", async () => {
  const progress = new Progress();
  const count = async () => {
    let states = 0;
    for await (const _ of progress) states++;
    return states;
  };
  const counts = Promise.all([count(), count()]);
  await turns(1);
  progress.finish();
  assertEquals(await counts, [2, 2]);
});

test("Progress iteration ends with the cancellation of its task", async () => {
  const progress = new Progress();
  const task = createTask(async () => {
    for await (const _ of progress);
  });
  await turns(1);
  task.cancel("seen enough");
  const error = await assertRejects(() => task, CancelledError);
  assertEquals(error.reason.message, "seen enough");
});

test("Progress iteration ends when its task was cancelled before", async () => {
  const progress = new Progress();
  const task = createTask(async () => {
    await sleep(Infinity).catch(() => {});
    for await (const _ of progress);
  });
  task.cancel();
  await assertRejects(() => task, CancelledError);
});

test("Progress iteration leaves nothing behind when it is left", async () => {
  const progress = new Progress();
  for await (const _ of progress) break;
  progress.advance();
  progress.finish();
});
