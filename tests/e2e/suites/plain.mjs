// What a user tests in a framework that gives test files a realm of their own
// (Jest), or none (Vitest): `test` and `expect` are globals in both.
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import {
  abortable,
  all,
  AsyncEvent,
  CancelledError,
  checkpoint,
  configure,
  createTask,
  currentTask,
  failAfter,
  isCancellation,
  moveOnAfter,
  sleep,
  TaskGroup,
  TimeoutError,
  waitForOutcome,
} from "@mdc/tasks";
import { checkLeaks, withVirtualClock } from "@mdc/tasks/testing";

const { expect, test } = globalThis;
const timers = import.meta.jest ?? globalThis.vi;

/** What a task rejects with. */
const errorOf = (task) => task.then(() => undefined, (error) => error);

test("AbortSignal.timeout() is told as a timeout", async () => {
  const signal = AbortSignal.timeout(5);
  const task = createTask(({ sleep }) => sleep(60_000), { signal });
  await errorOf(task);
  expect(task.status).toBe("cancelled");
  expect(task.reason?.kind).toBe("timeout");
});

test("the reason of a signal arrives by identity", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const task = createTask(({ sleep }) => sleep(60_000), { signal });
  controller.abort();
  expect(await errorOf(task)).toBe(signal.reason);
});

test("an error of the test arrives by identity", async () => {
  const error = new RangeError("quota exceeded");
  const task = createTask(({ sleep }) => sleep(60_000));
  task.cancel(error);
  expect(await errorOf(task)).toBe(error);
  expect(task.status).toBe("cancelled");
  expect(task.reason?.message).toBe("quota exceeded");
});

test("a task whose fetch() was aborted is cancelled", async () => {
  const task = createTask(({ signal }) =>
    fetch("http://127.0.0.1:1/", { signal })
  );
  task.cancel("stop");
  await errorOf(task);
  expect(task.status).toBe("cancelled");
});

test("isCancellation() is true for the platform's abort", () => {
  const controller = new AbortController();
  controller.abort();
  expect(isCancellation(controller.signal.reason)).toBe(true);
});

test("a task whose timer of the platform was aborted is cancelled", async () => {
  const task = createTask(({ signal }) => delay(60_000, undefined, { signal }));
  task.cancel("stop");
  const error = await errorOf(task);
  expect(error.name).toBe("AbortError");
  expect(task.status).toBe("cancelled");
});

test("a task fails with an error of the platform", async () => {
  const task = createTask(() => readFile("no/such/file"));
  const error = await errorOf(task);
  expect(error.code).toBe("ENOENT");
  expect(task.status).toBe("failed");
  expect(isCancellation(error)).toBe(false);
});

test("cancel() takes a DOMException", async () => {
  const reason = new DOMException("stop", "AbortError");
  const task = createTask(({ sleep }) => sleep(60_000));
  task.cancel(reason);
  expect(await errorOf(task)).toBe(reason);
  expect(task.status).toBe("cancelled");
});

test("a failing comparison of a task says little", async () => {
  const task = createTask(() => 1);
  await task;
  let message = "";
  try {
    expect(task).toEqual({ a: 1 });
  } catch (error) {
    message = error.message;
  }
  expect(message).not.toBe("");
  expect(message.length).toBeLessThan(5_000);
});

test("errors are of the classes that the test imports", async () => {
  const task = createTask(() => sleep(60_000));
  task.cancel("stop");
  await expect(task).rejects.toBeInstanceOf(CancelledError);
  await expect(failAfter(5, () => sleep(60_000)))
    .rejects.toBeInstanceOf(TimeoutError);
});

test("the current task is known after an await", async () => {
  const task = createTask(async () => {
    await delay(1);
    return currentTask()?.name;
  }, { name: "job" });
  expect(await task).toBe("job");
});

test("a time limit cuts what is awaited, and nothing else", async () => {
  expect(await moveOnAfter(5, () => abortable(new Promise(() => {}))))
    .toBeUndefined();
  expect(await moveOnAfter(60_000, () => all([() => 1, () => "x"])))
    .toEqual([1, "x"]);
});

test("a group throws what its tasks threw, of whatever realm", async () => {
  const error = await TaskGroup.run((group) => {
    group.spawn(() => readFile("no/such/file"));
    group.spawn(({ signal }) => delay(60_000, undefined, { signal }));
  }).then(() => undefined, (error) => error);
  expect(error).toBeInstanceOf(AggregateError);
  expect(error.errors.map(({ code }) => code)).toEqual(["ENOENT"]);
});

test("an event cancels a wait, and nothing is left", async () => {
  await checkLeaks(async () => {
    const stop = new AsyncEvent();
    const task = createTask(({ sleep }) => sleep(60_000));
    const wait = waitForOutcome(task, { cancelEvent: stop });
    stop.set();
    expect((await wait).status).toBe("cancelled");
  });
});

test("the virtual clock passes an hour", async () => {
  await withVirtualClock(async (clock) => {
    const task = createTask(({ sleep }) => sleep(3_600_000));
    const outcome = await waitForOutcome(task, { timeout: 1_000 });
    expect(outcome.status).toBe("timed-out");
    expect(clock.now).toBe(1_000);
  });
});

test("fake timers of the framework end waits and limits", async () => {
  timers.useFakeTimers();
  try {
    const pause = sleep(1_000);
    const limit = errorOf(failAfter(1_000, () => sleep(60_000)));
    await timers.advanceTimersByTimeAsync(1_000);
    await pause;
    expect(await limit).toBeInstanceOf(TimeoutError);
  } finally {
    timers.useRealTimers();
  }
});

test("fake timers of an earlier test are forgotten", async () => {
  timers.useFakeTimers();
  const fake = checkpoint();
  await timers.advanceTimersByTimeAsync(1);
  timers.useRealTimers();
  await fake;
  await checkpoint();
  const seen = [];
  const before = configure({
    onUnobservedFailure: ({ error }) => seen.push(error.message),
  });
  void createTask(() => Promise.reject(new Error("lost")));
  await delay(20);
  configure(before);
  expect(seen).toEqual(["lost"]);
});
