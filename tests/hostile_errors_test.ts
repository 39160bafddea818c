/** Errors, names and stacks that throw when somebody looks at them. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  all,
  allTasks,
  CancelledError,
  configure,
  createTask,
  InvalidStateError,
  sleep,
  TimeoutError,
} from "../mod.ts";
import { subscribe } from "../trace.ts";
import { test } from "./_harness.ts";
import { ended, idle, turn } from "./_probes.ts";

function refuse(): never {
  throw new RangeError("nobody looks at me");
}

const REFUSING = new Proxy({}, { get: refuse });

/** What may stand in an error that came from elsewhere, as JSON for one. */
const CAUSES: Record<string, unknown> = {
  "is null": null,
  "is a text": "why",
  "is a number": 5,
  "ends in null": { kind: "explicit", at: 1, cause: null },
  "can't be looked at": REFUSING,
};

function foreign(cause: unknown): Error {
  const reason = { kind: "explicit", at: 1, message: "stop", cause };
  return Object.assign(new Error("m"), { name: "AbortError", reason });
}

for (const [what, cause] of Object.entries(CAUSES)) {
  test(`a task ends when its body throws a CancelledError of another realm whose cause ${what}`, async () => {
    const error = foreign(cause);
    const task = createTask(async () => {
      await turn();
      throw error;
    });
    await ended(task);
    assertEquals(task.status, "cancelled");
    assertEquals(task.reason?.kind, "explicit");
  });

  test(`task.cancel() takes a CancelledError of another realm whose cause ${what}`, async () => {
    const error = foreign(cause);
    const task = idle();
    assert(task.cancel(error));
    assertEquals(await task.catch((thrown) => thrown === error), true);
    assertEquals(task.reason?.kind, "explicit");
  });

  test(`a signal that aborts with such an error reaches a task when the cause ${what}`, async () => {
    const controller = new AbortController();
    const task = idle({ signal: controller.signal });
    controller.abort(foreign(cause));
    await ended(task);
    assertEquals(task.status, "cancelled");
  });
}

/** A body whose name throws. */
function nameless<T>(body: () => T): () => T {
  return new Proxy(body, {
    get: (target, key) => key === "name" ? refuse() : Reflect.get(target, key),
  });
}

test("a body whose name throws is a task without a name, also while somebody observes", async () => {
  const names: string[] = [];
  const subscription = subscribe({ started: ({ name }) => names.push(name) });
  const task = createTask(nameless(() => sleep(Infinity)));
  subscription.unsubscribe();
  assertEquals(names, [`task-${task.id}`]);
  task.cancel();
  await ended(task);
  assertEquals(task.name, `task-${task.id}`);
});

test("all() takes bodies whose names throw", async () => {
  assertEquals(await all([nameless(() => 1), nameless(() => 2)]), [1, 2]);
});

test("the children of a body whose name throws are cancelled with it", async () => {
  const task = createTask(nameless(() => sleep(Infinity)));
  const child = idle({ parent: task });
  const { signal } = child;
  task.cancel();
  await ended(child);
  assert(signal.aborted);
  assertEquals(child.status, "cancelled");
});

test("a promise that can't be looked at fails its task and leaves none behind", async () => {
  const before = allTasks().length;
  const promise = Promise.resolve();
  Object.defineProperty(promise, "constructor", { get: refuse });
  const task = createTask(() => promise);
  await ended(task);
  assertEquals(task.status, "failed");
  assertEquals(allTasks().length, before);
});

test("a hook for stacks that throws keeps no cancellation from anybody", async () => {
  const { prepareStackTrace } = Error as { prepareStackTrace?: unknown };
  const before = configure({ creationSites: true });
  const parent = idle();
  const child = idle({ parent });
  try {
    Reflect.set(Error, "prepareStackTrace", refuse);
    assert(parent.cancel("stop"));
    await Promise.all([ended(parent), ended(child)]);
  } finally {
    Reflect.set(Error, "prepareStackTrace", prepareStackTrace);
    configure(before);
  }
  assertEquals([parent.status, child.status], ["cancelled", "cancelled"]);
});

test("instanceof of our errors is false for what lets nobody look", () => {
  for (const Class of [CancelledError, TimeoutError, InvalidStateError]) {
    assertEquals(REFUSING instanceof Class, false);
  }
  assertThrows(refuse, RangeError);
});

test("a hook that rejects ends no process and loses no failure", async () => {
  const console = globalThis.console as { error: unknown };
  const written: unknown[] = [];
  const { error } = console;
  const [failure, broken] = [new Error("no"), new Error("broken hook")];
  const before = configure({
    onUnobservedFailure: () => Promise.reject(broken) as never,
  });
  console.error = (...values: unknown[]) => written.push(...values);
  try {
    void createTask(() => Promise.reject(failure));
    await turn();
    await turn();
  } finally {
    console.error = error;
    configure(before);
  }
  assert(written.includes(failure));
  assert(written.includes(broken));
});
