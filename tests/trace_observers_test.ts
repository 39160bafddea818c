import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { abortable, createTask } from "../mod.ts";
import { subscribe } from "../trace.ts";
import { test } from "./_harness.ts";
import { recording } from "./_recording.ts";

test("subscribe() tells nothing more once it was ended, and the others go on", async () => {
  const first = recording();
  const second = recording();
  const one = subscribe(first.observer);
  const two = subscribe(second.observer);
  one.unsubscribe();
  one.unsubscribe();
  await createTask(() => {}, { name: "task" });
  two[Symbol.dispose]();
  await createTask(() => {}, { name: "unseen" });
  assertEquals(first.log, []);
  assertEquals(second.log, ["task started as task", "task completed"]);
});

test("an observer that throws harms no task and is told of once", async () => {
  const told: unknown[][] = [];
  const before = console.error;
  console.error = (...words) => told.push(words);
  const { log, observer } = recording();
  const bad = subscribe({
    started: () => {
      throw new Error("bad observer");
    },
    ended: () => {
      throw new Error("bad observer");
    },
  });
  const good = subscribe(observer);
  try {
    assertEquals(await createTask(() => 7, { name: "task" }), 7);
  } finally {
    console.error = before;
    bad.unsubscribe();
    good.unsubscribe();
  }
  assertEquals(told.length, 1);
  assertStringIncludes(String(told[0]![0]), "An observer of tasks threw");
  assertEquals(log, ["task started as task", "task completed"]);
});

test("what an observer causes is told after what it was told", async () => {
  const { log, observer } = recording();
  const acting = subscribe({
    started: ({ name }) => {
      if (name === "first") void createTask(() => {}, { name: "second" });
    },
  });
  const watching = subscribe(observer);
  await createTask(() => {}, { name: "first" });
  acting.unsubscribe();
  watching.unsubscribe();
  assertEquals(log.slice(0, 2), [
    "first started as task",
    "second started as task",
  ]);
});

test("a failure of abortable() that nobody handles is still one while somebody observes", async () => {
  const subscription = subscribe({ waiting() {} });
  const seen: unknown[] = [];
  const error = new Error("no");
  await createTask(async () => {
    const wait = abortable(Promise.reject(error));
    // Whoever observes has attached nothing to it that would handle it.
    await wait.catch((reason) => seen.push(reason));
  });
  subscription.unsubscribe();
  assertEquals(seen, [error]);
});

test("subscribe() refuses what is no observer", () => {
  assertThrows(
    () => subscribe(undefined as never),
    TypeError,
    "Cannot subscribe: expected an observer, received undefined",
  );
  assertThrows(
    () => subscribe({ start() {} } as never),
    TypeError,
    "Cannot subscribe: an observer has one of started, waiting, resumed, cancelling, ended",
  );
  assertThrows(
    () => subscribe({ started: 5 } as never),
    TypeError,
    "started of the observer",
  );
});
