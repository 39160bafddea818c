import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  CancelledError,
  createTask,
  InvalidStateError,
  Progress,
  type ProgressSnapshot,
  type ProgressValues,
  sleep,
} from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
import { collectingFailures, turns } from "./_bodies.ts";
import { test } from "./_harness.ts";

// Figures

test("new Progress() starts at nothing", () => {
  const { status, stage, completed, total, fraction, rate, eta } =
    new Progress();
  assertEquals(
    { status, stage, completed, total, fraction, rate, eta },
    {
      status: "running",
      stage: undefined,
      completed: 0,
      total: undefined,
      fraction: undefined,
      rate: 0,
      eta: undefined,
    },
  );
});

test("new Progress() takes stage, total and what was done before", () => {
  const progress = new Progress({ stage: "resume", completed: 5, total: 10 });
  assertEquals(progress.stage, "resume");
  assertEquals(progress.fraction, 0.5);
});

test("Progress.update() sets what is given and leaves the rest", () => {
  const progress = new Progress({ total: 4, stage: "read" });
  progress.update({ completed: 1 });
  progress.update({ stage: "write" });
  progress.update({ completed: undefined, total: 8 });
  const { stage, completed, total } = progress;
  assertEquals({ stage, completed, total }, {
    stage: "write",
    completed: 1,
    total: 8,
  });
});

test("Progress.advance() adds one unit, or as many as given", () => {
  const progress = new Progress();
  progress.advance();
  progress.advance(4);
  progress.advance(0.5);
  progress.advance(0);
  assertEquals(progress.completed, 5.5);
});

test("W19: Progress.completed never goes back", () => {
  const progress = new Progress({ total: 10 });
  progress.update({ completed: 7 });
  assertThrows(
    () => progress.update({ completed: 6, stage: "never" }),
    RangeError,
    "completed is 7 and can't go back, received 6",
  );
  assertEquals(progress.completed, 7);
  assertEquals(progress.stage, undefined);
});

test("W19: Progress.completed never exceeds the total", () => {
  const progress = new Progress({ total: 2 });
  progress.advance(2);
  assertThrows(() => progress.advance(), RangeError, "received 3");
  assertThrows(
    () => progress.update({ total: 1 }),
    RangeError,
    "can't exceed the total of 1",
  );
  assertThrows(
    () => new Progress({ completed: 3, total: 2 }),
    RangeError,
    "received 3",
  );
  assertEquals([progress.completed, progress.total], [2, 2]);
});

test("Progress.update() raises total and completed in one call", () => {
  const progress = new Progress({ total: 2, completed: 2 });
  progress.update({ completed: 5, total: 5 });
  assertEquals(progress.fraction, 1);
});

test("Progress.fraction is 1 when the total is 0", () => {
  assertEquals(new Progress({ total: 0 }).fraction, 1);
});

const WRONG_VALUES: [unknown, typeof RangeError, string][] = [
  [{ completed: NaN }, RangeError, "received NaN"],
  [{ completed: -1 }, RangeError, "received -1"],
  [{ completed: Infinity }, RangeError, "received Infinity"],
  [{ completed: "1" }, TypeError, 'received "1"'],
  [{ completed: null }, TypeError, "received null"],
  [{ total: NaN }, RangeError, "received NaN"],
  [{ total: -0.1 }, RangeError, "received -0.1"],
  [{ total: Infinity }, RangeError, "received Infinity"],
  [{ total: 5n }, TypeError, "received 5"],
  [{ stage: 7 }, TypeError, "received 7"],
  [{ stage: null }, TypeError, "received null"],
  [null, TypeError, "received null"],
  [50, TypeError, "received 50"],
  ["half", TypeError, 'received "half"'],
];

for (const [index, [values, ErrorClass, message]] of WRONG_VALUES.entries()) {
  test(`Progress throws a ${ErrorClass.name} that says ${message} for wrong values ${index}`, () => {
    const progress = new Progress({ completed: 1, stage: "same" });
    const wrong = values as ProgressValues;
    assertThrows(() => progress.update(wrong), ErrorClass, message);
    assertThrows(() => new Progress(wrong), ErrorClass, message);
    assertEquals([progress.completed, progress.stage], [1, "same"]);
  });
}

test("Progress.update() throws a TypeError when given nothing", () => {
  const progress = new Progress();
  const update = progress.update.bind(progress) as (values?: unknown) => void;
  assertThrows(() => update(), TypeError, "received undefined");
});

for (const wrong of [NaN, -1, Infinity]) {
  test(`Progress.advance() throws a RangeError when given ${wrong}`, () => {
    const progress = new Progress();
    assertThrows(
      () => progress.advance(wrong),
      RangeError,
      `received ${wrong}`,
    );
    assertEquals(progress.completed, 0);
  });
}

for (const wrong of ["1", null, {}]) {
  test(`Progress.advance() throws a TypeError when given ${JSON.stringify(wrong)}`, () => {
    const progress = new Progress();
    assertThrows(
      () => progress.advance(wrong as unknown as number),
      TypeError,
      "received",
    );
    assertEquals(progress.completed, 0);
  });
}

// Time

test("Progress.rate and eta follow the clock", async () => {
  await withVirtualClock(async (clock) => {
    const progress = new Progress({ total: 10 });
    assertEquals([progress.rate, progress.eta], [0, undefined]);
    await clock.advance(2000);
    assertEquals([progress.rate, progress.eta], [0, undefined]);
    progress.advance(4);
    assertEquals(progress.elapsed, 2000);
    assertEquals(progress.rate, 2);
    assertEquals(progress.eta, 3000);
    await clock.advance(2000);
    assertEquals(progress.rate, 1);
    assertEquals(progress.eta, 6000);
  }, { autoAdvance: false });
});

test("Progress.rate counts no units that were done before the start", async () => {
  await withVirtualClock(async (clock) => {
    const progress = new Progress({ completed: 80, total: 100 });
    await clock.advance(1000);
    assertEquals([progress.rate, progress.eta], [0, undefined]);
    progress.advance(10);
    assertEquals([progress.rate, progress.eta], [10, 1000]);
  }, { autoAdvance: false });
});

test("Progress.eta is unknown when the total is unknown, and 0 when all is done", async () => {
  await withVirtualClock(async (clock) => {
    const progress = new Progress();
    await clock.advance(10);
    progress.advance();
    assertEquals(progress.eta, undefined);
    progress.update({ total: 1 });
    assertEquals(progress.eta, 0);
  }, { autoAdvance: false });
});

test("Progress.elapsed and rate stand still after the end", async () => {
  await withVirtualClock(async (clock) => {
    const progress = new Progress({ total: 4 });
    await clock.advance(1000);
    progress.advance(2);
    progress.finish("cancelled");
    await clock.advance(9000);
    assertEquals(progress.elapsed, 1000);
    assertEquals(progress.rate, 2);
    assertEquals(progress.eta, 0);
  }, { autoAdvance: false });
});

// The end

for (const status of ["completed", "failed", "cancelled"] as const) {
  test(`W19: Progress can't be changed after finish("${status}")`, () => {
    const progress = new Progress({ total: 3, stage: "copy" });
    progress.advance();
    progress.finish(status);
    const after = progress.snapshot();
    for (
      const change of [
        () => progress.advance(),
        () => progress.update({ stage: "cancelled" }),
        () => progress.finish(),
        () => progress.finish("failed"),
      ]
    ) {
      const error = assertThrows(change, InvalidStateError);
      assertEquals(
        error.message,
        `Cannot update progress: it is ${status} already`,
      );
    }
    assertEquals(progress.snapshot(), after);
    assertEquals([after.status, after.stage], [status, "copy"]);
  });
}

test("Progress.finish() means completed when given nothing", () => {
  const progress = new Progress();
  progress.finish();
  assertEquals(progress.status, "completed");
});

test("Progress.finish() leaves the figures as they are", () => {
  const progress = new Progress({ total: 5, completed: 2 });
  progress.finish();
  assertEquals(progress.fraction, 0.4);
});

for (const wrong of ["running", "done", null, 1]) {
  test(`Progress.finish() throws a TypeError when given ${JSON.stringify(wrong)}`, () => {
    const progress = new Progress();
    const error = assertThrows(
      () => progress.finish(wrong as "completed"),
      TypeError,
    );
    assertStringIncludes(error.message, `received ${JSON.stringify(wrong)}`);
    assertEquals(progress.status, "running");
    progress.advance();
  });
}

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

// Of a task

const ENDINGS: [string, () => unknown, "completed" | "failed" | "cancelled"][] =
  [
    ["returns", () => 1, "completed"],
    ["throws", () => Promise.reject(new Error("broken")), "failed"],
    ["is cancelled", () => sleep(Infinity), "cancelled"],
  ];

for (const [what, ending, status] of ENDINGS) {
  test(`context.progress is final when the task ${what}`, async () => {
    let progress: Progress | undefined;
    const task = createTask(async (context) => {
      progress = context.progress;
      progress.update({ total: 2, stage: "work" });
      progress.advance();
      await ending();
    });
    assertEquals(progress?.status, "running");
    if (status === "cancelled") task.cancel();
    await task.catch(() => {});
    assertInstanceOf(progress, Progress);
    assertEquals(
      [progress.status, progress.stage, progress.completed],
      [status, "work", 1],
    );
    assertThrows(() => progress!.advance(), InvalidStateError, status);
  });
}

test("context.progress is the same object each time", async () => {
  const task = createTask((context) => context.progress === context.progress);
  assert(await task);
});

test("context.progress tells its observers of the end in the tick in which the task ends", async () => {
  const seen: string[] = [];
  const task = createTask(async ({ progress }) => {
    progress.subscribe(({ status }) => seen.push(status));
    await null;
  });
  while (!task.done) {
    assertEquals(seen, []);
    await null;
  }
  assertEquals(seen, ["completed"]);
});

test("context.progress is final when it is first asked for after the end", async () => {
  const { promise, resolve } = Promise.withResolvers<() => Progress>();
  await createTask((context) => resolve(() => context.progress));
  assertEquals((await promise)().status, "completed");
});

test("context.progress that the body finished itself stays as it was", async () => {
  await collectingFailures(async () => {
    let progress: Progress | undefined;
    const task = createTask((context) => {
      progress = context.progress;
      progress.finish("completed");
      return Promise.reject(new Error("afterwards"));
    });
    await assertRejects(() => task, Error, "afterwards");
    assertEquals(progress?.status, "completed");
    assertFalse(task.cancelled);
  });
});

test("W19: context.progress counts what is done, not what is begun", async () => {
  let progress: Progress | undefined;
  const task = createTask(async (context) => {
    progress = context.progress;
    progress.update({ total: 4, stage: "delay" });
    for (let unit = 0; unit < 4; unit++) {
      if (unit === 2) task.cancel();
      await context.checkpoint();
      progress.advance();
    }
  });
  await assertRejects(() => task, CancelledError);
  assertEquals(progress?.fraction, 0.5);
  assertEquals([progress?.status, progress?.stage], ["cancelled", "delay"]);
});
