import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { InvalidStateError, Progress, type ProgressValues } from "../mod.ts";
import { withVirtualClock } from "../testing.ts";
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

test("new Progress() and update() refuse an unknown value, and name the one that was meant", () => {
  const wrong = { totl: 3 } as ProgressValues;
  const message = 'unknown option "totl"; did you mean "total"?';
  assertThrows(() => new Progress(wrong), TypeError, message);
  const progress = new Progress({ total: 1 });
  assertThrows(() => progress.update(wrong), TypeError, message);
  assertEquals(progress.total, 1);
});
