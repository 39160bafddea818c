/** Observers that act on what they observe while they are told of it. */
import { assert, assertEquals } from "@std/assert";
import {
  abortable,
  allTasks,
  AsyncEvent,
  checkpoint,
  createTask,
  once,
  sleep,
  type Task,
} from "../mod.ts";
import { subscribe, type TraceSubscription } from "../trace.ts";
import { test } from "./_harness.ts";
import { idle, never, turn } from "./_probes.ts";

/** The waits that a task can be cancelled in. */
const WAITS: Record<string, () => Promise<unknown>> = {
  "abortable() of a promise": () => abortable(never),
  "abortable() of a task": () => abortable(idle({ detached: true })),
  "abortable() of an iterable": async () => {
    const source = {
      [Symbol.asyncIterator]: () => ({ next: () => never }),
    };
    for await (const _ of abortable(source));
  },
  "sleep()": () => sleep(Infinity),
  "event.wait()": () => new AsyncEvent().wait(),
  "checkpoint()": () => checkpoint(),
  "once()": () => once(new EventTarget(), "never"),
};

for (const [what, wait] of Object.entries(WAITS)) {
  test(`an observer that cancels the task that begins ${what} ends the wait`, async () => {
    const subscription = subscribe({
      waiting: ({ id }) => void (id === `${task?.id}` && task!.cancel()),
    });
    let task: Task | undefined = undefined;
    task = createTask(async () => {
      await turn();
      await wait();
    }) as Task;
    for (let i = 0; i < 5; i++) await turn();
    subscription.unsubscribe();
    assertEquals(task.status, "cancelled");
    for (const left of allTasks()) left.cancel();
    await turn();
  });
}

test("an observer that subscribes another: that one is told of each start once", async () => {
  const log: string[] = [];
  let second: TraceSubscription | undefined;
  const first = subscribe({
    started() {
      void createTask(() => {}, { name: "inner" });
      second ??= subscribe({
        started: ({ name, earlier }) => log.push(`${name} ${earlier}`),
        ended: ({ name }) => log.push(`${name} ended`),
      });
      first.unsubscribe();
    },
  });
  await createTask(() => {}, { name: "outer" });
  await turn();
  second!.unsubscribe();
  assertEquals(log, [
    "outer true",
    "inner true",
    "inner ended",
    "outer ended",
  ]);
});

test("an observer that starts a task when it is told of an earlier one is told of its start", async () => {
  const log: string[] = [];
  const held = idle({ name: "held" });
  const subscription = subscribe({
    started({ name, earlier }) {
      log.push(`${name} ${earlier}`);
      if (earlier) void createTask(() => {}, { name: "made" });
    },
    ended: ({ name }) => log.push(`${name} ended`),
  });
  await turn();
  subscription.unsubscribe();
  held.cancel();
  await turn();
  assertEquals(log, ["held true", "made false", "made ended"]);
});

test("an observer is told of the end of a wait only if it was told of its beginning", async () => {
  const log: string[] = [];
  const first = subscribe({
    waiting: () => log.push("first waits"),
    resumed: () => log.push("first resumed"),
  });
  const event = new AsyncEvent();
  const task = createTask(() => event.wait());
  const later = subscribe({ resumed: () => log.push("later resumed") });
  event.set();
  await task;
  assertEquals(log, ["first waits", "first resumed"]);
  first.unsubscribe();
  later.unsubscribe();
});

test("an observer that is unsubscribed by another one is told nothing more", async () => {
  const log: string[] = [];
  const first = subscribe({ started: () => second.unsubscribe() });
  const second = subscribe({ started: () => log.push("second") });
  const task = createTask(() => {});
  first.unsubscribe();
  await task;
  assert(task.done);
  assertEquals(log, []);
});

test("an observer whose methods reject harms no task and is told of once", async () => {
  const told: unknown[][] = [];
  const before = console.error;
  console.error = (...words) => told.push(words);
  const error = new Error("bad observer");
  const subscription = subscribe({
    started: () => Promise.reject(error) as never,
    ended: async () => await Promise.reject(error),
  });
  try {
    assertEquals(await createTask(() => 7), 7);
    await turn();
  } finally {
    console.error = before;
    subscription.unsubscribe();
  }
  assertEquals(told.map(([, what]) => what), [error]);
});
